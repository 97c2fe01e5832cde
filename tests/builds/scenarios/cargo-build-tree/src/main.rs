fn main() {
    println!("{}", tea::NAME);
}
