//! The table.

use crate::Options;
use crate::target::Target;

/// What one run gave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    pub(crate) changes_per_s: f64,
    /// Cores used by driver and server, on average.
    pub(crate) driver_cpu: f64,
    pub(crate) server_cpu: f64,
}

#[expect(clippy::print_stdout, reason = "the report is what the program is for")]
pub(crate) fn print(options: &Options, targets: &[Target], figures: &[(Target, Figure)]) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    println!(
        "\nFan-out, one author to {} readers, at most {} changes in flight, {} changes \
         (the reference: a fortieth), medians of {} rounds, {cores} cores\n",
        options.readers, options.in_flight, options.changes, options.rounds
    );
    println!("| relay | changes/s | deliveries/s | server CPU, cores | driver CPU, cores |");
    println!("|---|--:|--:|--:|--:|");
    for target in targets {
        let of = |measure: fn(&Figure) -> f64| {
            let values = figures.iter().filter(|(other, _)| other == target);
            median(values.map(|(_, figure)| measure(figure)).collect())
        };
        let changes_per_s = of(|figure| figure.changes_per_s);
        println!(
            "| {} | {:.0} | {:.0} | {:.2} | {:.2} |",
            target.title(),
            changes_per_s,
            changes_per_s * options.readers as f64,
            of(|figure| figure.server_cpu),
            of(|figure| figure.driver_cpu),
        );
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
