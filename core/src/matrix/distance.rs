//! Distances on the globe, in whole metres: no two machines disagree about the last bit of one.

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
    let half = |difference: f64| (difference / 2.0).sin().powi(2);
    let chord = half(to_lat - lat) + lat.cos() * to_lat.cos() * half(to_lng - lng);
    (2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()).round() as u32
}
