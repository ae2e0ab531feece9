using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Simulation.Tests.World;

/// <summary>After the merge: builds, images, rollouts and health.</summary>
internal sealed partial class DeliveryWorld
{
    private void WantBuild(Repository repository)
    {
        if (repository.Running is { } running)
        {
            repository.BuildWanted = true;
            if (_dice.Chance(_pace.Cancelled))
            {
                Show(repository, running, GateStatus.Waiting, Reason.Cancelled, 2);
                repository.Running = null;
                Later(_pace.Step / 4, () => StartBuild(repository));
            }
            return;
        }
        Later(_pace.Step / 4, () => StartBuild(repository));
    }

    private void StartBuild(Repository repository)
    {
        if (repository.Running is not null) return;
        repository.BuildWanted = false;
        var build = new Build(repository.Builds.Count + 1, repository.Line[^1]);
        repository.Builds.Add(build);
        Run(repository, build);
    }

    private void Run(Repository repository, Build build)
    {
        repository.Running = build;
        Show(repository, build, GateStatus.Running, Reason.None, 1);
        int attempt = build.Attempt;
        Later(_pace.Build, () =>
        {
            if (repository.Running == build && build.Attempt == attempt) Finish(repository, build);
        });
    }

    private void Finish(Repository repository, Build build)
    {
        repository.Running = null;
        if (_dice.Chance(0.03))
        {
            Show(repository, build, GateStatus.Waiting, Reason.Skipped, 2);
        }
        else if (_dice.Chance(_pace.Red))
        {
            Show(repository, build, GateStatus.Failed, Reason.None, 2);
            if (_dice.Chance(0.6) && !repository.BuildWanted)
            {
                Later(_pace.Step, () =>
                {
                    if (repository.Running is not null) return;
                    build.Attempt++;
                    Run(repository, build);
                });
            }
        }
        else
        {
            Show(repository, build, GateStatus.Passed, Reason.None, 2);
            Later(_pace.Image, () =>
            {
                Want(repository, AddImage(repository, build.Commit));
            });
            Later(_pace.Image, () => AddScan(repository, build.Commit));
        }
        if (repository.BuildWanted) Later(_pace.Step / 4, () => StartBuild(repository));
    }

    private Image AddImage(Repository repository, LineCommit commit)
    {
        var image = new Image("sha256:" + _dice.Hex(64), "sha256:" + _dice.Hex(64), commit, Now);
        repository.Images.Add(image);
        if (!repository.ImagesOf.TryGetValue(image.Commit.Position, out var own)) repository.ImagesOf[image.Commit.Position] = own = [];
        own.Add(image);
        Told($"{repository.Name} image {image.Index[7..13]} of {commit.Position}");
        Show(Ci, repository, Key.Image(image.Index), WorldFacts.Of(repository, image), []);
        return image;
    }

    private void AddScan(Repository repository, LineCommit commit)
    {
        bool passed = !_dice.Chance(0.1);
        if (Now < ScansFrom) return;
        // A commit is scanned once.
        if (!repository.Scanned.Add(commit)) return;
        repository.Scans.Add((Now, commit, passed));
        Show(Ci, repository, Key.Check(repository.Name, commit.Sha, "scan"), [WorldFacts.Scan(repository, commit, Now, passed)], []);
    }

    private void Want(Repository repository, Image image)
    {
        // Images of older commits may be finished later; what runs does not go back for them.
        if (repository.Wanted is { } wanted && wanted.Commit.Position >= image.Commit.Position) return;
        repository.Wanted = image;
        if (!repository.RolloutRuns) RollOut(repository, image, 0);
    }

    private void RollOut(Repository repository, Image image, int index)
    {
        repository.RolloutRuns = true;
        var target = repository.Targets[index];
        int generation = ++target.Generation;
        var before = target.Rollouts.Last(static r => r.Status == GateStatus.Passed).Images[0];
        Show(repository, target, GateStatus.Running, 1, generation, image);
        Later(_pace.Rollout, () =>
        {
            if (_dice.Chance(_pace.FailedRollout))
            {
                Show(repository, target, GateStatus.Failed, 3, generation, image);
                Ended(repository);
                return;
            }
            if (_dice.Chance(0.3) && before != image) Show(repository, target, GateStatus.Running, 2, generation, image, before);
            Later(_pace.Rollout, () =>
            {
                Show(repository, target, GateStatus.Passed, 4, generation, image);
                Later(_pace.Check, () => Check(repository, target, image, before, index));
            });
        });
    }

    private void Check(Repository repository, Target target, Image image, Image before, int index)
    {
        if (!_dice.Chance(_pace.Unhealthy))
        {
            Show(repository, target, image, GateStatus.Passed);
            if (index + 1 < repository.Targets.Count) RollOut(repository, image, index + 1);
            else Ended(repository);
            return;
        }
        Show(repository, target, image, GateStatus.Failed);
        Later(_pace.Check, () =>
        {
            if (_dice.Chance(0.6))
            {
                int generation = ++target.Generation;
                Show(repository, target, GateStatus.Running, 1, generation, before);
                Later(_pace.Rollout, () =>
                {
                    Show(repository, target, GateStatus.Passed, 4, generation, before);
                    Show(repository, target, before, GateStatus.Passed);
                    Ended(repository);
                });
                return;
            }
            Show(repository, target, image, GateStatus.Passed);
            if (index + 1 < repository.Targets.Count) RollOut(repository, image, index + 1);
            else Ended(repository);
        });
    }

    private void Ended(Repository repository)
    {
        repository.RolloutRuns = false;
        if (repository.Wanted is { } wanted && repository.Targets.Any(t => t.Rollouts[^1].Images[0] != wanted) && repository.Images[^1] == wanted && _dice.Chance(0.5)) Later(_pace.Step, () => { if (!repository.RolloutRuns) RollOut(repository, wanted, 0); });
    }

    private void Show(Repository repository, Build build, GateStatus status, Reason reason, int rank)
    {
        var state = new BuildState(Now, status, reason, new Ordinal(build.Number, build.Attempt, rank));
        build.States.Add(state);
        Told($"{repository.Name} build #{build.Number}.{build.Attempt} of {build.Commit.Position} {status} {reason}");
        Show(Ci, repository, WorldFacts.BuildKey(repository, build), [WorldFacts.Of(repository, build, state)], []);
    }

    private void Show(Repository repository, Target target, GateStatus status, int rank, int generation, params Image[] images)
    {
        var rollout = new Rollout(Now, new Ordinal(generation, 0, rank), status, images);
        target.Add(rollout);
        Told($"{repository.Name} {target.Name} generation {generation} {status} {string.Join('+', images.Select(static i => i.Commit.Position))}");
        ShowTarget(repository, target, WorldFacts.Of(repository, target, rollout));
    }

    private void Show(Repository repository, Target target, Image image, GateStatus status)
    {
        var check = new HealthCheck(Now, new Ordinal(target.Generation, ++target.Checked), status, image);
        target.Checks.Add(check);
        Told($"{repository.Name} {target.Name} health {status} of {image.Commit.Position}");
        ShowTarget(repository, target, WorldFacts.Of(repository, target, check));
    }

    // A cluster's API shows the present of all targets; its history of events is what a sweep lists.
    private void ShowTarget(Repository repository, Target target, Fact fact)
    {
        var present = ImmutableArray.CreateBuilder<Fact>();
        present.Add(fact);
        foreach (var other in repository.Targets)
        {
            if (other.Rollouts.Count > 0) present.Add(WorldFacts.Of(repository, other, other.Rollouts[^1]));
            if (other.Rollouts.LastOrDefault(static r => r.SaysWhatRuns) is { } runs) present.Add(WorldFacts.Of(repository, other, runs));
            if (other.Checks.Count > 0) present.Add(WorldFacts.Of(repository, other, other.Checks[^1]));
        }
        Show(Cluster, repository, WorldFacts.Place(repository, target), present.ToImmutable(), []);
    }
}
