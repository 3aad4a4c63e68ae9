//! Time and memory of construct and improve as tables grow, and a picture of them.

use std::path::Path;

use plotters::prelude::*;

use super::measure::in_a_process;

pub(crate) struct Point {
    pub(crate) shape: String,
    pub(crate) cells: usize,
    pub(crate) seconds: f64,
    pub(crate) peak: u64,
    hierarchical: bool,
}

/// Tables of 10³ to 10⁶ inner cells: squares, and a hierarchy of a thousand leaves by ever more columns.
pub(crate) const SIZES: [(&str, bool); 8] = [
    ("32×32", false),
    ("100×100", false),
    ("316×316", false),
    ("1000×1000", false),
    ("10·10·10×1", true),
    ("10·10·10×10", true),
    ("10·10·10×100", true),
    ("10·10·10×1000", true),
];

pub(crate) fn measure() -> Vec<Point> {
    let one = |&(shape, hierarchical): &(&str, bool)| {
        let m = in_a_process(&format!("{shape}:publish:improve"));
        Point { shape: shape.to_owned(), cells: m.cells, seconds: m.seconds, peak: m.peak, hierarchical }
    };
    SIZES.iter().map(one).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a picture")]
pub(crate) fn draw(path: &Path, points: &[Point]) {
    let root = SVGBackend::new(path, (720, 420)).into_drawing_area();
    root.fill(&WHITE).expect("the picture can be drawn");
    let mut chart = ChartBuilder::on(&root)
        .caption("construct + improve: seconds (full) and peak GB (thin)", ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d((1e3..2e6).log_scale(), (1e-3..1e2).log_scale())
        .expect("the axes can be drawn");
    chart.configure_mesh().x_desc("cells").draw().expect("the mesh can be drawn");
    for (hierarchical, colour, label) in [(false, &BLUE, "two-way"), (true, &RED, "hierarchy by flat")] {
        let of = || points.iter().filter(move |p| p.hierarchical == hierarchical && p.cells > 0);
        let seconds = of().map(|p| (p.cells as f64, p.seconds));
        let memory = of().map(|p| (p.cells as f64, p.peak as f64 / 1_048_576.0));
        chart
            .draw_series(LineSeries::new(seconds, colour.stroke_width(3)).point_size(3))
            .expect("a line can be drawn")
            .label(label)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(3)));
        chart.draw_series(LineSeries::new(memory, colour.stroke_width(1))).expect("a line can be drawn");
    }
    chart.configure_series_labels().border_style(BLACK).draw().expect("the legend can be drawn");
    root.present().expect("the picture can be written");
}
