//! From a table of counts to a proved release: the example of the README and of the crate's front page.

use caviardage::suppress;
use caviardage::table::{Axis, Cube};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let table = Cube::new([
        Axis::flat("région", ["Nord", "Sud", "Est"]).total("Total"),
        Axis::flat("sexe", ["Femmes", "Hommes"]).total("Total"),
    ])
    .counts([3, 40, 25, 31, 50, 64])
    .build()?;

    let done = suppress(&table)?;

    for cell in &done.release.tables()[0].cells {
        let figure = cell.count.map_or(done.release.symbol().to_owned(), |count| count.to_string());
        println!("{:>16}  {figure}", cell.labels.join(" × "));
    }
    println!("cost {}, no less than {}: {:?}", done.trail.cost(), done.trail.lower_bound(), done.trail.outcome());

    // Nord × Femmes holds 3. It cannot be computed, and nobody can prove that it is below ten.
    assert_eq!(done.release.count(["Nord", "Femmes"]), Some(None));
    assert_eq!(done.release.hidden(), 4);
    assert_eq!(done.trail.cost(), done.trail.lower_bound());
    Ok(())
}
