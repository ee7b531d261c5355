//! Dice of a seed.

pub(super) use fastrand::Rng as Dice;

/// Whether a die of so many sides shows its first.
pub(super) fn one_in(sides: u32, dice: &mut Dice) -> bool {
    dice.u32(..sides) == 0
}

/// Something, once in so many times.
pub(super) fn maybe<T>(sides: u32, dice: &mut Dice, make: impl FnOnce(&mut Dice) -> T) -> Option<T> {
    one_in(sides, dice).then(|| make(dice))
}

/// One of them.
///
/// # Panics
/// When there is none.
pub(super) fn choose<'a, T>(all: &'a [T], dice: &mut Dice) -> &'a T {
    &all[dice.usize(..all.len())]
}

/// At least one and at most so many of them, in any order.
///
/// # Panics
/// When there is none.
pub(super) fn some_of<T: Clone>(all: &[T], most: usize, dice: &mut Dice) -> Vec<T> {
    let count = dice.usize(1..=most.min(all.len()));
    dice.choose_multiple(all.iter().cloned(), count)
}
