using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Targets;

namespace ClosedLoop.Cli.Judging;

/// <summary>What holds an item up: the verdict, the gate, and what would release it. Pure.</summary>
/// <param name="Verdict">Where it stands.</param>
/// <param name="Gate">The gate that holds it up; null when it is done, abandoned or unknown.</param>
/// <param name="WentBack">Gates that it needs, had passed and do not hold now.</param>
/// <param name="Release">What would release it.</param>
internal sealed record Judgement(Verdict Verdict, GateBody? Gate, IReadOnlyList<string> WentBack, string Release)
{
    /// <param name="item">The item.</param>
    /// <param name="log">Its part of the transition log; what the record once said of a gate is only there.</param>
    /// <param name="pipelines">The pipelines that are known.</param>
    public static Judgement Of(ItemBody item, IEnumerable<TransitionBody> log, IReadOnlyList<BoardPipelineBody> pipelines)
    {
        if (item.Done) return new Judgement(Verdict.Done, null, [], "Nothing: it is done.");
        if (item.Abandoned) return new Judgement(Verdict.Abandoned, null, [], ReleaseText.OfAbandoned(item));
        var open = Needed(item, pipelines).Where(name => item.Gates.FirstOrDefault(g => g.Name == name) is { } gate && !Holds(gate)).ToHashSet(StringComparer.Ordinal);
        open.IntersectWith(log.Where(static t => t.Gate is not null && t.From == "passed" && t.To is not ("passed" or "notApplicable")).Select(static t => t.Gate!));
        var wentBack = item.Gates.Select(static g => g.Name).Where(open.Contains).ToList();
        var gate = Blocking(item);
        var verdict = wentBack.Count > 0 ? Verdict.Regressed : item.Overdue ? Verdict.Overdue : Verdict.Waiting;
        return new Judgement(verdict, gate, wentBack, gate is null ? ReleaseText.OfUnknown(item) : ReleaseText.Of(item, gate));
    }

    /// <summary>Whether a gate holds: passed, or shown not to apply.</summary>
    public static bool Holds(GateBody gate) => gate.Status is "passed" or "notApplicable";

    /// <summary>
    /// The gate that holds it up. One that nothing has reached yet can only wait for the one before it, which is then the one to look at.
    /// </summary>
    private static GateBody? Blocking(ItemBody item)
    {
        if (item.Gates.FirstOrDefault(g => g.Name == item.WaitingOn) is not { } waiting) return null;
        bool silent = waiting.Writer is null || waiting is { Status: "waiting", Reason: "none" };
        if (!silent || waiting.EligibleAt is not null) return waiting;
        return item.Gates.TakeWhile(g => g != waiting).FirstOrDefault(static g => !Holds(g) && g.Reason != "skipped") ?? waiting;
    }

    // The gates of the DONE definition. Where it is not known, those up to the one that is waited for.
    private static IEnumerable<string> Needed(ItemBody item, IReadOnlyList<BoardPipelineBody> pipelines)
    {
        if (pipelines.FirstOrDefault(p => p.Name == item.Pipeline && p.DoneDefinition == item.DoneDefinition) is { DoneGates.Count: > 0 } pipeline) return pipeline.DoneGates;
        if (KnownDone.Find(item.DoneDefinition) is { } known) return known.Gates;
        return item.WaitingOn is { } waiting ? item.Gates.TakeWhile(g => g.Name != waiting).Select(static g => g.Name).Append(waiting) : [];
    }
}
