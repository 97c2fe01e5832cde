fn main() {
    println!("kettle: {}", tea::NAME);
}
