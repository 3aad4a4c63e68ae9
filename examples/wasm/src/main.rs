//! Prints the answers of this machine.

fn main() {
    print!("{}", caviardage_wasm::answers());
}
