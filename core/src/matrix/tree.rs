//! Which site belongs to which, where what is stated may be no tree.

/// The sites by number, in the order of their keys.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The site each belongs to, with cycles broken.
    pub(super) parents: Vec<Option<usize>>,
    /// The topmost site above each, or itself.
    pub(super) roots: Vec<usize>,
    /// The sites that were stated to belong to each other in a circle, from the smallest key, each before its parent.
    pub(super) cycles: Vec<Vec<usize>>,
}

impl Tree {
    /// A circle is broken at its smallest key, which is the same wherever one begins to look.
    pub(super) fn of(mut parents: Vec<Option<usize>>) -> Self {
        let mut roots: Vec<Option<usize>> = vec![None; parents.len()];
        let mut passed = vec![usize::MAX; parents.len()];
        let mut cycles = Vec::new();
        for start in 0..parents.len() {
            let mut path = Vec::new();
            let mut at = start;
            let root = loop {
                if let Some(root) = roots.get(at).copied().flatten() {
                    break root;
                }
                if passed.get(at) == Some(&start) {
                    let cycle = cycle(&path, at);
                    let first = cycle.first().copied().unwrap_or(at);
                    set(&mut parents, first, None);
                    cycles.push(cycle);
                    break first;
                }
                set(&mut passed, at, start);
                path.push(at);
                match parents.get(at).copied().flatten() {
                    Some(parent) => at = parent,
                    None => break at,
                }
            };
            for site in path {
                set(&mut roots, site, Some(root));
            }
        }
        Self {
            parents,
            roots: roots.into_iter().flatten().collect(),
            cycles,
        }
    }
}

/// The part of a path from where it came back to, turned so that the smallest is the first.
fn cycle(path: &[usize], back_at: usize) -> Vec<usize> {
    let mut cycle: Vec<usize> = path
        .iter()
        .copied()
        .skip_while(|at| *at != back_at)
        .collect();
    let smallest = cycle.iter().min().copied();
    let turn = cycle.iter().position(|at| Some(*at) == smallest);
    cycle.rotate_left(turn.unwrap_or(0));
    cycle
}

fn set<T>(items: &mut [T], at: usize, to: T) {
    if let Some(item) = items.get_mut(at) {
        *item = to;
    }
}
