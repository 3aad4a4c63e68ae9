//! Vectors of which the places that are not zero are known, so that work follows what is there and not the size.

/// Values, and one bit a place that may not be zero. Walks go by place, which makes them the same on every machine.
#[derive(Debug, Clone, Default)]
pub(super) struct Vector {
    values: Vec<f64>,
    marks: Places,
}

impl Vector {
    /// Empties it, and gives it so many places.
    pub(super) fn reset(&mut self, size: usize) {
        self.clear();
        self.values.resize(size, 0.0);
        self.marks.resize(size);
    }

    pub(super) fn get(&self, place: usize) -> f64 {
        self.values[place]
    }

    pub(super) fn set(&mut self, place: usize, value: f64) {
        self.values[place] = value;
        self.marks.insert(place);
    }

    pub(super) fn add(&mut self, place: usize, value: f64) {
        self.values[place] += value;
        self.marks.insert(place);
    }

    /// Takes a place's value, leaving zero.
    pub(super) fn take(&mut self, place: usize) -> f64 {
        self.marks.remove(place);
        std::mem::replace(&mut self.values[place], 0.0)
    }

    /// Empties itself into another vector, each entry at its place there, without what is no larger than `least`.
    pub(super) fn pour(&mut self, into: &mut Vector, places: &[usize], least: f64) {
        let mut at = 0;
        while let Some(place) = self.next(at) {
            at = place + 1;
            let value = self.take(place);
            if value.abs() > least {
                into.set(places[place], value);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        let mut at = 0;
        while let Some(place) = self.marks.next(at) {
            self.values[place] = 0.0;
            at = place + 1;
        }
        self.marks.clear();
    }

    /// The first marked place from here on.
    pub(super) fn next(&self, from: usize) -> Option<usize> {
        self.marks.next(from)
    }

    /// The last marked place before this one.
    pub(super) fn before(&self, end: usize) -> Option<usize> {
        self.marks.before(end)
    }

    /// What is not zero, by place.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.marks.iter().map(|place| (place, self.values[place])).filter(|e| e.1 != 0.0)
    }
}

/// A set of places, as bits.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    words: Vec<u64>,
}

impl Places {
    pub(super) fn resize(&mut self, size: usize) {
        self.words.resize(size.div_ceil(64), 0);
    }

    pub(super) fn insert(&mut self, place: usize) {
        self.words[place >> 6] |= 1 << (place & 63);
    }

    pub(super) fn remove(&mut self, place: usize) {
        self.words[place >> 6] &= !(1 << (place & 63));
    }

    pub(super) fn put(&mut self, place: usize, inside: bool) {
        if inside {
            self.insert(place);
        } else {
            self.remove(place);
        }
    }

    pub(super) fn clear(&mut self) {
        self.words.fill(0);
    }

    pub(super) fn next(&self, from: usize) -> Option<usize> {
        let mut at = from >> 6;
        let mut word = *self.words.get(at)? & (u64::MAX << (from & 63));
        while word == 0 {
            at += 1;
            word = *self.words.get(at)?;
        }
        Some((at << 6) + word.trailing_zeros() as usize)
    }

    fn before(&self, end: usize) -> Option<usize> {
        let mut at = end >> 6;
        let mut word = self.words.get(at).map_or(0, |word| word & !(u64::MAX << (end & 63)));
        while word == 0 {
            at = at.checked_sub(1)?;
            word = self.words[at];
        }
        Some((at << 6) + 63 - word.leading_zeros() as usize)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let place = self.next(at)?;
            at = place + 1;
            Some(place)
        })
    }
}

/// Lists of entries, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Lists {
    starts: Vec<usize>,
    entries: Vec<(usize, f64)>,
}

impl Default for Lists {
    fn default() -> Self {
        Lists { starts: vec![0], entries: Vec::new() }
    }
}

impl Lists {
    /// Becomes as many empty lists.
    pub(super) fn reset(&mut self, lists: usize) {
        self.starts.clear();
        self.starts.resize(lists + 1, 0);
        self.entries.clear();
    }

    pub(super) fn push(&mut self, entry: (usize, f64)) {
        self.entries.push(entry);
    }

    /// Ends the list that is being pushed.
    pub(super) fn end(&mut self) {
        self.starts.push(self.entries.len());
    }

    /// Keeps some entries.
    pub(super) fn retain(&mut self, keep: impl Fn(&(usize, f64)) -> bool) {
        let mut kept = Lists::default();
        for list in 0..self.len() {
            self.of(list).iter().filter(|e| keep(e)).for_each(|&e| kept.push(e));
            kept.end();
        }
        *self = kept;
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn entries(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn of(&self, list: usize) -> &[(usize, f64)] {
        &self.entries[self.starts[list]..self.starts[list + 1]]
    }

    /// The same entries with their numbers given anew.
    pub(super) fn renumber(&mut self, number: impl Fn(usize) -> usize) {
        self.entries.iter_mut().for_each(|e| e.0 = number(e.0));
    }

    /// The lists by the other number: entry `(j, v)` of list `i` becomes `(i, v)` of list `j`.
    pub(super) fn turn(&self, lists: usize, turned: &mut Lists) {
        let Lists { starts, entries } = turned;
        starts.clear();
        starts.resize(lists + 2, 0);
        self.entries.iter().for_each(|e| starts[e.0 + 2] += 1);
        (0..=lists).for_each(|i| starts[i + 1] += starts[i]);
        entries.clear();
        entries.resize(self.entries.len(), (0, 0.0));
        for list in 0..self.len() {
            for &(other, value) in self.of(list) {
                // Where the list's next entry goes; its end when all are there, which is where the next list begins.
                entries[starts[other + 1]] = (list, value);
                starts[other + 1] += 1;
            }
        }
        starts.pop();
    }
}
