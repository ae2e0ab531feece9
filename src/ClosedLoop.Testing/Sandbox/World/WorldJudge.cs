using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Jenkins;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>
/// Says what is true of the changes that have landed, from what really is: the commits, their builds and images, and what serves where. It
/// shares no code with what it is the measure of. Called at each step of the world, before anybody is told.
/// </summary>
internal sealed class WorldJudge(SandboxTruth truth, WorldStatistics statistics)
{
    public void Look(WorldService service, DateTimeOffset now)
    {
        foreach (var change in service.Changes)
        {
            Becomes(change, Gates.Merged, change.IsIn(service.Line.Head) ? GateStatus.Passed : GateStatus.Failed);
            Becomes(change, Gates.MainCi, MainCi(service, change));
            Becomes(change, Gates.ImageBuilt, HasImage(service, change) ? GateStatus.Passed : GateStatus.Waiting);
            foreach (var target in service.Targets) Exposure(change, target).Set(target.HasLive(change));
            Becomes(change, Gates.RolledOut, Everywhere(service, target => RolledOut(change, target)));
            Becomes(change, Gates.Healthy, Everywhere(service, target => Healthy(Exposure(change, target))));
        }

        void Becomes(WorldChange change, string gate, GateStatus status)
        {
            if (gate is Gates.Merged or Gates.RolledOut && status is GateStatus.Failed && truth.StatusAt(change.ItemId, gate, DateTimeOffset.MaxValue) == GateStatus.Passed)
                statistics.Regressed.Add(change.ItemId);
            truth.Record(change.ItemId, gate, status, now);
        }
    }

    private static Exposure Exposure(WorldChange change, WorldTarget target)
    {
        if (!change.Exposures.TryGetValue(target, out var exposure)) change.Exposures[target] = exposure = new Exposure();
        return exposure;
    }

    // Of several builds of one commit the newest that came to a verdict speaks, and green anywhere is green for good.
    private static GateStatus MainCi(WorldService service, WorldChange change)
    {
        if (change.IsBuilt) return GateStatus.Passed;
        var status = GateStatus.Waiting;
        for (int i = service.Built.Count - 1; i >= 0; i--)
        {
            var commit = service.Built[i];
            if (!change.IsIn(commit)) continue;
            if (commit.Verdict?.Result == JenkinsBuild.Success)
            {
                service.Release(change, commit);
                return GateStatus.Passed;
            }
            if (commit.Verdict is not null) status = GateStatus.Failed;
            else if (status == GateStatus.Waiting && commit.Build!.IsBuilding) status = GateStatus.Running;
        }
        return status;
    }

    private static bool HasImage(WorldService service, WorldChange change)
    {
        for (int i = service.Versions.Count - 1; i >= 0 && !change.HasImage; i--) change.HasImage = change.IsIn(service.Versions[i].Commit);
        return change.HasImage;
    }

    private static GateStatus RolledOut(WorldChange change, WorldTarget target)
    {
        var exposure = Exposure(change, target);
        if (exposure.IsLive) return GateStatus.Passed;
        int with = target.Serving.Count(v => change.IsIn(v.Commit));
        if (with > 0 && with < target.Serving.Count) return GateStatus.Running;
        if (exposure.WasLive) return GateStatus.Failed;
        if (target.Coming is { } coming && change.IsIn(coming.Commit)) return GateStatus.Running;
        return target.Failed is { } failed && change.IsIn(failed.Commit) ? GateStatus.Failed : GateStatus.Waiting;
    }

    // Of what is not live there is no health.
    private static GateStatus Healthy(Exposure exposure) =>
        exposure is { IsLive: true, IsVerified: true } ? GateStatus.Passed : exposure is { IsLive: true, IsUnhealthy: true } ? GateStatus.Failed : GateStatus.Waiting;

    // The worst of all targets.
    private static GateStatus Everywhere(WorldService service, Func<WorldTarget, GateStatus> at)
    {
        var worst = GateStatus.Passed;
        foreach (var target in service.Targets)
        {
            var status = at(target);
            if (Rank(status) > Rank(worst)) worst = status;
        }
        return worst;

        static int Rank(GateStatus status) => status switch { GateStatus.Failed => 3, GateStatus.Running => 2, GateStatus.Waiting => 1, _ => 0 };
    }
}
