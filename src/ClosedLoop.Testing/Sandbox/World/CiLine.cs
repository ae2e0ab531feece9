using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Jenkins;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>
/// The CI job of one target branch, with one executor: landings that come while it is busy or in its quiet period are built
/// together, as Jenkins does. Red and aborted builds are built again, each landing by itself.
/// </summary>
internal sealed class CiLine(WorldState world, JenkinsEvents events, DeliveryLine delivery, string repository)
{
    private readonly WorldDice _dice = new(world.Options.Seed, "ci/" + repository);
    private readonly List<Landing> _queue = [];
    private readonly Queue<Landing> _again = new();
    private bool _busy;

    public void Add(Landing landing)
    {
        _queue.Add(landing);
        if (!_busy) Next();
    }

    private void Next()
    {
        _busy = _queue.Count + _again.Count > 0;
        if (_busy) world.Schedule.After(_dice.Between(60, 200), Start);
    }

    private void Start()
    {
        Landing[] landings;
        bool repeated = _again.TryDequeue(out var again);
        if (repeated)
        {
            landings = [again!];
        }
        else
        {
            landings = [.. _queue];
            _queue.Clear();
        }
        foreach (var landing in landings) world.Becomes(landing.ItemId, Gates.MainCi, GateStatus.Running);
        var build = world.Jenkins.Start(repository, [.. landings.Select(static l => l.Plan)], repeated, world.Now);
        events.Notify(build, "QUEUED");
        events.Notify(build, "STARTED");
        world.Schedule.After(_dice.Between(250, 650), () => Complete(build, landings));
    }

    private void Complete(JenkinsBuild build, Landing[] landings)
    {
        string result = Roll(landings);
        foreach (var landing in landings)
        {
            if (result != "ABORTED") landing.IsRed = result == "FAILURE";
            var status = result == "SUCCESS" ? GateStatus.Passed : landing.IsRed ? GateStatus.Failed : GateStatus.Waiting;
            world.Becomes(landing.ItemId, Gates.MainCi, status);
        }
        build.Complete(result, world.Now);
        events.Notify(build, "COMPLETED");
        events.Notify(build, "FINALIZED");
        foreach (var landing in landings)
        {
            if (result == "SUCCESS")
            {
                world.Schedule.After(_dice.Between(100, 350), () => delivery.BuildImage(landing, build.Number));
                continue;
            }
            landing.BadBuilds++;
            _again.Enqueue(landing);
        }
        Next();
    }

    private string Roll(Landing[] landings)
    {
        bool enough = Array.Exists(landings, static l => l.BadBuilds >= 2);
        bool red = _dice.Chance(0.12), aborted = _dice.Chance(0.06);
        return enough ? "SUCCESS" : red ? "FAILURE" : aborted ? "ABORTED" : "SUCCESS";
    }
}
