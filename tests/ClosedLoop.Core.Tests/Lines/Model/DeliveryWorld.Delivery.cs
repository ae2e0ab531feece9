using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using static ClosedLoop.Core.Tests.Lines.Model.Happening;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>Builds, images, rollouts and health of a world.</summary>
internal sealed partial class DeliveryWorld
{
    private readonly List<Ran> _open = [];

    private void Deliver(ModelRepository repository, string branch, Step step)
    {
        var target = Pick(_targets, step.A);
        switch (step.Move)
        {
            case Move.Build: Build(repository, Pick(repository.Branches[step.B % 3 == 0 ? branch : "main"], Newest(repository.Branches[step.B % 3 == 0 ? branch : "main"], step.C)), step.C, step.D); break;
            case Move.FinishBuild: FinishBuild(step); break;
            case Move.BuildAgain: BuildAgain(repository, step); break;
            case Move.MakeImage: MakeImage(repository, branch, step); break;
            case Move.RollOut: RollOut(target, step); break;
            case Move.FinishRollout: FinishRollout(target, step); break;
            case Move.RollBack: RollBack(target, step); break;
            case Move.RemoveTarget: RemoveTarget(target); break;
            case Move.Judge: Judge(target, step); break;
            case Move.CheckHealth: CheckHealth(target, step); break;
            case Move.BeginTracking: BeginTracking(repository, step); break;
            default: throw new ArgumentException($"{step.Move} is not played");
        }
    }

    // Mostly the head; the step's number counts from the oldest.
    private static int Newest(List<Key> line, int choice) => choice % 4 == 3 ? choice / 4 : line.Count - 1;

    private void Build(ModelRepository repository, Key commit, int check, int choice)
    {
        string name = check / 4 % _shape.Checks == 0 ? "unit" : "e2e";
        int number = ++_builds;
        var run = _shape.ChecksOfCommits ? Key.Check(repository.Name, commit.Value.Split('@')[1], name) : Given.Build(number, name);
        Key? by = choice / 10 % 3 == 0 ? commit : null;
        var started = new Ran(_now, Gates.MainCi, Given.Ci, run, name, new Ordinal(number, 0, 1), GateStatus.Running, Reason.None, commit, by);
        if (choice / 30 % 2 == 0) Report(repository, started);
        if (choice % 10 >= 8) Keep(repository, started);
        else Finish(repository, started, choice);
    }

    private void Keep(ModelRepository repository, Ran started)
    {
        if (Happenings[^1] != started) Report(repository, started);
        _open.Add(started);
    }

    private void Report(ModelRepository repository, Ran run)
    {
        Happenings.Add(run);
        repository.Runs.Add(run);
        _now = _now.AddMinutes(1);
    }

    private void Finish(ModelRepository repository, Ran started, int choice)
    {
        var (status, reason) = (choice % 10) switch
        {
            < 4 => (GateStatus.Passed, Reason.None),
            4 or 5 => (GateStatus.Failed, Reason.None),
            6 => (GateStatus.Waiting, choice / 10 % 2 == 0 ? Reason.Cancelled : Reason.Superseded),
            _ => choice / 10 % 2 == 0 ? (GateStatus.NotApplicable, Reason.None) : (GateStatus.Waiting, Reason.Inconclusive),
        };
        if (status == GateStatus.Waiting) Situations.Add("build without a verdict");
        Report(repository, started with { At = _now, Ordinal = started.Ordinal with { Rank = 2 }, Status = status, Reason = reason });
    }

    private void FinishBuild(Step step)
    {
        if (_open.Count == 0) return;
        var started = Pick(_open, step.B);
        _open.Remove(started);
        if (_builds > started.Ordinal.Major) Situations.Add("build that finishes late");
        Finish(_repositories.Find(r => r.Runs.Contains(started))!, started, step.D);
    }

    private void BuildAgain(ModelRepository repository, Step step)
    {
        if (repository.Runs.FindAll(static r => r.Gate == Gates.MainCi) is not { Count: > 0 } runs) return;
        Situations.Add("commit built again");
        Build(repository, Pick(runs, step.B).Commit!.Value, step.C, step.D);
    }

    private void MakeImage(ModelRepository repository, string branch, Step step)
    {
        var line = repository.Branches[step.B % 3 == 0 ? branch : "main"];
        var commit = Pick(line, Newest(line, step.C));
        if (step.D % 9 == 8)
        {
            Report(repository, new Ran(_now, Gates.ImageBuilt, Given.Ci, Given.Build(++_builds, "image"), "image", new Ordinal(_builds), GateStatus.Failed, Reason.None, commit, null));
            return;
        }
        var index = Digest();
        bool parked = step.D % 20 == 19;
        var builds = repository.Runs.FindAll(r => r.Commit == commit && r.Run.Is(KeySchemes.Build) && r.Gate == Gates.MainCi);
        Key by = parked ? Given.Build(++_builds, "elsewhere") : builds.Count > 0 && step.D % 2 == 0 ? Pick(builds, step.C).Run : commit;
        Report(repository, new Ran(_now, Gates.ImageBuilt, Given.Registry, index, null, Ordinal.At(_now), GateStatus.Passed, Reason.None, parked ? null : commit, by));
        if (parked)
        {
            Situations.Add("image of no known commit");
            return;
        }
        repository.Images.Add((index, commit));
        for (int i = 0; i < step.D / 20 % 3; i++)
        {
            var platform = Digest();
            // A registry tells of a platform's manifest as of an image, or only that it belongs to the index.
            if (step.D / 60 % 2 == 0) Report(repository, new Ran(_now, Gates.ImageBuilt, Given.Registry, platform, null, Ordinal.At(_now), GateStatus.Passed, Reason.None, commit, index));
            else Happenings.Add(new Assembled(_now, platform, index));
            repository.Images.Add((platform, commit));
            Situations.Add("image of several platforms");
        }
    }

    private Key Digest() => Given.Image(string.Create(CultureInfo.InvariantCulture, $"d{++_images}"));

    private void RollOut(ModelTarget target, Step step)
    {
        var repository = target.Repository;
        string branch = Pick(repository.BranchNames, step.C / 40);
        var line = repository.Branches[branch];
        var commit = (step.B % 6) switch
        {
            0 or 1 when repository.Images.Count > 0 => repository.Images[^1].Commit,
            4 when target.Ran.Count > 0 => Pick(target.Ran, step.C),
            5 => Pick(line, step.C),
            _ => repository.HeadOf("main"),
        };
        bool everywhere = step.B / 6 % 3 == 0;
        foreach (var each in _targets.Where(t => t == target || (everywhere && t.Environment == target.Environment && t.Repository == repository)).ToList()) RollOut(each, commit, step);
        if (everywhere && _shape.Targets > 1) Situations.Add("batch deploy");
    }

    private void RollOut(ModelTarget target, Key commit, Step step)
    {
        switch (step.C % 10)
        {
            case 5: Enter(target, GateStatus.Running, step.D, commit); break;
            case 6 or 8 when target.Ran.Count > 0 && target.Ran[^1] != commit:
                Situations.Add("mixed phase");
                Enter(target, GateStatus.Running, step.D, target.Ran[^1], commit);
                if (step.C % 10 == 8) FinishRollout(target, step with { B = target.Open.Count - 1, C = 0 });
                break;
            case 7:
                Situations.Add("failed rollout");
                Enter(target, GateStatus.Failed, step.D, commit);
                break;
            case 9: Enter(target, GateStatus.Waiting, step.D, commit); break;
            default: Enter(target, GateStatus.Passed, step.D, commit); break;
        }
    }

    private void Enter(ModelTarget target, GateStatus status, int choice, params Key[] commits)
    {
        int number = ++_entries;
        var subject = _shape.LevelReports ? Key.Environment($"{target.Environment}/{target.Name}") : Key.Deployment(number.ToString(CultureInfo.InvariantCulture));
        Enter(target, new Deployed(_now, target.Environment, target.Name, subject, new Ordinal(number, 0, status == GateStatus.Running ? 1 : 2), status, commits, By(target.Repository, commits, choice)));
    }

    private void Enter(ModelTarget target, Deployed entry)
    {
        Happenings.Add(entry);
        _now = _now.AddMinutes(1);
        if (entry.Status == GateStatus.Running) target.Open.Add(entry);
        if (entry.Status == GateStatus.Passed) target.Ran.Add(entry.Commits[^1]);
        if (_targets.Count(t => t.Repository == target.Repository && t.Ran.Count > 0) > 1) Situations.Add("several targets");
    }

    // By images of the commits when there are any, by the commits, or (nothing) by their revision.
    private static Key[] By(ModelRepository repository, Key[] commits, int choice)
    {
        var images = commits.Select(c => repository.Images.FindAll(i => i.Commit == c)).ToList();
        if (choice % 2 == 0 && images.TrueForAll(static i => i.Count > 0)) return [.. images.Select(i => Pick(i, choice / 2).Image)];
        return choice % 3 == 0 ? commits : [];
    }

    private void FinishRollout(ModelTarget target, Step step)
    {
        if (target.Open.Count == 0) return;
        var open = Pick(target.Open, step.B);
        target.Open.Remove(open);
        Key[] commits = [open.Commits[^1]];
        var ordinal = _shape.LevelReports ? new Ordinal(++_entries, 0, 2) : open.Ordinal with { Rank = 2 };
        if (!_shape.LevelReports && open.Ordinal.Major < _entries) Situations.Add("rollout that finishes late");
        Enter(target, open with { At = _now, Ordinal = ordinal, Status = step.C % 5 == 4 ? GateStatus.Failed : GateStatus.Passed, Commits = commits, By = By(target.Repository, commits, step.D) });
    }

    private void RollBack(ModelTarget target, Step step)
    {
        int previous = target.Ran.Count == 0 ? -1 : target.Ran.FindLastIndex(c => c != target.Ran[^1]);
        if (previous < 0) return;
        var commit = target.Ran[previous];
        if (target.Ran.FindLastIndex(previous, c => c == target.Ran[^1]) >= 0) Situations.Add("rollback of a rollback");
        Situations.Add("rollback");
        Enter(target, GateStatus.Passed, step.D, commit);
    }

    private void RemoveTarget(ModelTarget target)
    {
        if (target.Ran.Count == 0) return;
        Situations.Add("target removed");
        Enter(target, GateStatus.NotApplicable, 1, target.Ran[^1]);
    }

    private void Judge(ModelTarget target, Step step)
    {
        var judged = Happenings.OfType<Judged>().Where(j => j.Commit.Value.StartsWith(target.Repository.Name, StringComparison.Ordinal)).GroupBy(static j => j.Version).Select(static j => j.Last()).Where(static j => j.Bad).ToList();
        if (judged.Count > 0 && step.B % 2 == 0)
        {
            Situations.Add("released again");
            Happenings.Add(Pick(judged, step.C) with { At = _now, Bad = false });
        }
        else if (target.Ran.Count > 0)
        {
            var commit = step.B % 3 == 2 ? Pick(target.Ran, step.C) : target.Ran[^1];
            var images = target.Repository.Images.FindAll(i => i.Commit == commit);
            Situations.Add("veto");
            Happenings.Add(new Judged(_now, images.Count > 0 && step.D % 2 == 0 ? Pick(images, step.C).Image : commit, commit, true));
        }
        _now = _now.AddMinutes(1);
    }

    private void CheckHealth(ModelTarget target, Step step)
    {
        if (target.Ran.Count == 0) return;
        var commit = step.B % 4 == 3 ? Pick(target.Ran, step.C / 8) : target.Ran[^1];
        var (status, reason) = (step.C % 8) switch
        {
            < 4 => (GateStatus.Passed, Reason.None),
            4 => (GateStatus.Failed, Reason.None),
            5 => (GateStatus.Failed, Reason.Regressed),
            6 => (GateStatus.Running, Reason.None),
            _ => (GateStatus.Waiting, Reason.Inconclusive),
        };
        int number = ++_entries;
        string name = $"{target.Environment}/{target.Name}";
        var subject = _shape.LevelReports ? Key.Environment(name) : Key.Create("monitor", string.Create(CultureInfo.InvariantCulture, $"{name}/{number}"));
        Situations.Add(status == GateStatus.Failed ? reason == Reason.Regressed ? "health regressed" : "health dip" : "health");
        Happenings.Add(new Checked(_now, target.Environment, target.Name, subject, new Ordinal(number), status, reason, commit, By(target.Repository, [commit], step.D) is [var by] ? by : null));
        _now = _now.AddMinutes(1);
    }

    private void BeginTracking(ModelRepository repository, Step step)
    {
        var line = repository.Branches["main"];
        var commit = Pick(line, Newest(line, step.C));
        Situations.Add("baseline");
        Happenings.Add(step.B % 2 == 0 ? new Began(_now, "main", null, commit) : new Began(_now, null, Pick(_targets, step.A).Environment, commit));
        _now = _now.AddMinutes(1);
    }
}
