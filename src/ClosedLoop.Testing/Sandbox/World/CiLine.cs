using ClosedLoop.Testing.Sandbox.Jenkins;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>
/// The CI job of one repository's <c>main</c>, with one or two executors: whenever one is free, it builds the newest commit, so commits
/// that come while all are busy are built together. A newer push makes it give up some builds; some fail for no reason and are repeated.
/// </summary>
internal sealed class CiLine(WorldState world, WorldService service, JenkinsEvents events, ImageLine images, Repairs repairs, int executors)
{
    private const double GivesUp = 0.25, Flakes = 0.04;

    private readonly WorldDice _dice = new(world.Options.Seed, "ci/" + service.Line.Repository);
    private readonly List<(JenkinsBuild Build, WorldCommit Commit)> _running = [];
    private WorldCommit? _latest;
    private bool _starting;

    public void HeadMoved()
    {
        if (_running.Count == executors && _dice.Chance(GivesUp))
            End(_running[0].Build, _running[0].Commit, _dice.Chance(0.5) ? JenkinsBuild.Aborted : JenkinsBuild.NotBuilt);
        Next();
    }

    private void Next()
    {
        if (_starting || _running.Count == executors || !IsBuildMissing) return;
        _starting = true;
        world.Schedule.After(_dice.Between(150, 450), Start);
    }

    // A red build is repeated only when nobody is to blame.
    private bool IsBuildMissing => service.Line.Head is var head && (head.Build is not { } last ||
        (last.Result is { } result && result != JenkinsBuild.Success && (result != JenkinsBuild.Failure || !repairs.IsBroken(head))));

    private void Start()
    {
        _starting = false;
        if (!IsBuildMissing) return;
        var commit = service.Line.Head;
        var build = world.Jenkins.Start(service.Line.Repository, commit.Sha, NewIn(commit), world.Now);
        service.AddBuilt(commit);
        commit.Started(build);
        _latest = commit;
        _running.Add((build, commit));
        world.Statistics.Builds++;
        world.Judge(service);
        events.Notify(build, "QUEUED");
        events.Notify(build, "STARTED");
        world.Tell(o => o.Built(build));
        world.Schedule.After(_dice.Between(1_500, 2_800), () => Finish(build, commit));
        Next();
    }

    // Jenkins lists what is new since the build before, whatever became of that one.
    private List<string> NewIn(WorldCommit commit)
    {
        var commits = new List<string>();
        for (var at = commit; at?.Parent is not null && _latest?.Contains(at) != true; at = at.Parent) commits.Add(at.Sha);
        commits.Reverse();
        return commits;
    }

    private void Finish(JenkinsBuild build, WorldCommit commit)
    {
        bool flakes = _dice.Chance(Flakes);
        if (build.IsBuilding) End(build, commit, flakes || repairs.IsBroken(commit) ? JenkinsBuild.Failure : JenkinsBuild.Success);
    }

    private void End(JenkinsBuild build, WorldCommit commit, string result)
    {
        _running.Remove((build, commit));
        build.Complete(result, world.Now);
        commit.Ended(build);
        if (!build.HasVerdict) world.Statistics.Cancelled++;
        world.Judge(service);
        events.Notify(build, "COMPLETED");
        events.Notify(build, "FINALIZED");
        world.Tell(o => o.Built(build));
        if (result == JenkinsBuild.Success) images.Built(commit, build.Number);
        else if (result == JenkinsBuild.Failure) repairs.MainIsRed(commit);
        Next();
    }
}
