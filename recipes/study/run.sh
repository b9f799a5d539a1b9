#!/usr/bin/env bash
# The whole study in runs/study: five models, then both tables (sweep.md of runs/study/pruning/1 and runs/study/adaptation/1).
# It may be stopped: what is done stays, and the same command goes on.
set -euo pipefail
cd "$(dirname "$0")/../.."
seer=${SEER:-"dotnet run -c Release --project src/SeerMoe.Tool --"}

for seed in 1 2 3 4 5; do
  [ -d "runs/study/random-$seed" ] || $seer init --config examples/tiny-moe/config.json --seed "$seed" --output "runs/study/random-$seed"
done

for recipe in models pruning adaptation; do
  resume=$([ -d "runs/study/$recipe/1" ] && echo --resume || true)
  $seer run "recipes/study/$recipe.yaml" --output runs/study --device cpu $resume
done
