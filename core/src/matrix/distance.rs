//! Distances on the globe, in whole metres: no two machines disagree about the last bit of one.

use std::f64::consts::{FRAC_PI_2, PI};

const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Degrees north and east, where they are some.
pub(super) fn place(lat: f64, lng: f64) -> Option<(f64, f64)> {
    let fits = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng);
    fits.then_some((lat, lng))
}

/// Metres from one place to another, by the haversine formula.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most half the way around the earth"
)]
pub(super) fn metres(from: (f64, f64), to: (f64, f64)) -> u32 {
    let (lat, lng) = (from.0.to_radians(), from.1.to_radians());
    let (to_lat, to_lng) = (to.0.to_radians(), to.1.to_radians());
    let half = |difference: f64| sine(difference / 2.0).powi(2);
    let cosine = |angle| sine(FRAC_PI_2 - angle);
    let chord = half(to_lat - lat) + cosine(lat) * cosine(to_lat) * half(to_lng - lng);
    (2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()).round() as u32
}

/// The sine of an angle from -π to π, by its series: a browser would load that of the standard library, which holds for
/// all numbers and is large for it.
fn sine(angle: f64) -> f64 {
    let near = match angle.abs() > FRAC_PI_2 {
        true => PI.copysign(angle) - angle,
        false => angle,
    };
    let (mut term, mut sum, mut factor) = (near, near, 1.0);
    // As many as count at a right angle.
    for _ in 0..12 {
        factor += 2.0;
        term *= -near * near / ((factor - 1.0) * factor);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sines_are_those_of_the_standard_library() {
        for step in -1000..=1000 {
            let angle = f64::from(step) / 1000.0 * PI;
            let (own, known) = (sine(angle), angle.sin());
            assert!((own - known).abs() < 1e-15, "{angle}: {own} {known}");
        }
    }
}
