use jiff::civil::Date;

/// Without 0, 1, i, l and o, which people take for each other.
const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// How many characters follow the day: two computers of one site never draw the same, and nobody guesses one.
const CHARACTERS: usize = 10;

/// A new case's code: its day and ten characters that random bytes make, `20261203-k3j9mf2pqx`.
#[must_use]
pub fn code(day: Date, random: [u8; 16]) -> String {
    let mut number = u128::from_le_bytes(random);
    let mut code = format!("{:04}{:02}{:02}-", day.year(), day.month(), day.day());
    for _ in 0..CHARACTERS {
        let place = usize::try_from(number % 31).unwrap_or(0);
        code.extend(ALPHABET.get(place).copied().map(char::from));
        number /= 31;
    }
    code
}
