//! The README shows the program that the tests run.

#[test]
fn the_program_of_the_readme_is_the_tour() {
    let readme = include_str!("../README.md");
    let tour = include_str!("../examples/tour.rs");
    let program = tour.split_once("\n\n").map_or(tour, |parts| parts.1);
    assert!(program.starts_with("use caviardage::suppress;"));
    assert!(readme.contains(program), "README.md and examples/tour.rs differ");
}
