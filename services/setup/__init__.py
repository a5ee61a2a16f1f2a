"""What an administrator sets up: agencies and coaches, groups, cohorts, milestones, reminders, and what is left."""
