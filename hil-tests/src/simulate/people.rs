//! Everybody in the hall, at random but with sense: they mostly press what fits what the hub shows, and press again
//! when nobody answers.

use std::collections::VecDeque;

use super::buttons::{Manners, Scene, press_something};
use super::dice::{Dice, choose, one_in};
use super::step::{Pressed, ticket_of};
use super::world::World;

/// How many of the last presses people remember.
const REMEMBERED: usize = 30;

/// Everybody.
pub(super) struct People {
    manners: Manners,
    pressed: u64,
    last: VecDeque<Pressed>,
}

impl People {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { manners: Manners::new(dice), pressed: 0, last: VecDeque::new() }
    }

    /// Buttons that are pressed together.
    pub(super) fn press(&mut self, world: &World, dice: &mut Dice) -> Vec<Pressed> {
        if dice.u8(..100) < self.manners.repeats && one_in(5, dice) {
            // Alone: behind it in one batch the engine would refuse a retry of the first press too.
            return self.misuse(dice).into_iter().collect();
        }
        let mut presses = Vec::new();
        for _ in 0..*choose(&[1, 1, 1, 1, 2, 2, 3, 5], dice) {
            let again = if dice.u8(..100) < self.manners.repeats { dice.choice(&self.last).cloned() } else { None };
            presses.push(again.unwrap_or_else(|| self.new_press(world, dice)));
            if one_in(100, dice) {
                presses.extend_from_within(presses.len() - 1..);
            }
        }
        presses
    }

    /// A broken station takes an id for something else.
    fn misuse(&mut self, dice: &mut Dice) -> Option<Pressed> {
        let (first, other) = (dice.choice(&self.last)?.clone(), dice.choice(&self.last)?.clone());
        self.pressed += 1;
        Some(Pressed { id: first.id, fingerprint: self.pressed, ..other })
    }

    /// Most of those whom nobody answered press once more.
    pub(super) fn insist(unanswered: &[Pressed], dice: &mut Dice) -> Vec<Pressed> {
        let right = unanswered.iter().filter(|press| press.id == press.fingerprint);
        right.filter(|_| !one_in(4, dice)).cloned().collect()
    }

    fn new_press(&mut self, world: &World, dice: &mut Dice) -> Pressed {
        let (hall, now) = (world.hall().clone(), world.now());
        let manners = &mut self.manners;
        let mut command = world.shown(|state| press_something(&Scene { hall: &hall, state, now }, manners, dice));
        self.pressed += 1;
        let about = ticket_of(&mut command).and_then(|ticket| world.press_of(ticket));
        let press = Pressed { id: self.pressed, fingerprint: self.pressed, command, about };
        if self.last.len() == REMEMBERED {
            self.last.pop_front();
        }
        self.last.push_back(press.clone());
        press
    }
}
