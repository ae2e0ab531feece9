using ClosedLoop.Facts;
using ClosedLoop.Pipelines;
using static ClosedLoop.Core.Tests.Lines.Model.Happening;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>The rules of the reference that are not about commits: which run speaks, and how series, landings and changes combine.</summary>
internal static class ReferenceRules
{
    public static bool IsVerdict(GateStatus status) => status is GateStatus.Passed or GateStatus.Failed or GateStatus.NotApplicable;

    /// <summary>Of several runs of one commit the newest with a verdict speaks, else the newest.</summary>
    public static Ran? Speaks(IEnumerable<Ran> runs) => runs.Where(static r => IsVerdict(r.Status)).MaxBy(static r => r.Ordinal) ?? runs.MaxBy(static r => r.Ordinal);

    /// <summary>Whether a name matches one of some patterns with a trailing star.</summary>
    public static bool Matches(IEnumerable<string> patterns, string name) =>
        patterns.Any(p => p.EndsWith('*') ? name.StartsWith(p.TrimEnd('*'), StringComparison.Ordinal) : name == p);

    /// <summary>Several checks or targets, by the gate's rule.</summary>
    public static Verdict Combine(GateDefinition gate, List<(string Name, Verdict Verdict)> series)
    {
        bool named = gate.Rule == GateRule.Named;
        if (named) series.RemoveAll(s => !gate.Names.Contains(s.Name));
        var verdicts = series.ConvertAll(static s => s.Verdict);
        Verdict? Newest(GateStatus status) => verdicts.Where(v => v.Status == status).MaxBy(static v => v.Since ?? DateTimeOffset.MinValue);
        var passed = verdicts.Where(static v => v.Status == GateStatus.Passed).OrderBy(static v => v.Since).ToList();
        int needed = named ? gate.Names.Length : gate.AtLeast;
        if (gate.Rule == GateRule.Any && passed.Count >= needed) return passed[needed - 1];
        if (Newest(GateStatus.Failed) is { } failed && (named || gate.Rule != GateRule.Any || Newest(GateStatus.Running) is null)) return failed;
        if (named && gate.Names.Any(n => !series.Exists(s => s.Name == n)))
            return series.Count == 0 ? Verdict.Nothing : new Verdict(GateStatus.Running, Reason.Partial, verdicts.Max(static v => v.Since));
        if (Newest(GateStatus.Running) is { } running) return running;
        var waiting = Newest(GateStatus.Waiting);
        if (waiting is not null && passed.Count > 0 && gate.Rule != GateRule.Any) return waiting with { Reason = waiting.Reason == Reason.None ? Reason.Partial : waiting.Reason };
        if (passed.Count > 0 && (named || passed.Count >= needed)) return passed[^1];
        if (passed.Count > 0) return new Verdict(GateStatus.Waiting, Reason.Partial, passed[^1].Since);
        return waiting ?? Newest(GateStatus.NotApplicable) ?? Verdict.Nothing;
    }

    /// <summary>Several landings of a change, or several changes of an item: all of them have to be through.</summary>
    public static Verdict Together(List<Verdict> parts)
    {
        if (parts.Count == 0) return Verdict.Nothing;
        int holding = parts.Count(static v => v.Holds);
        var decisive = parts.Find(static v => v.Status == GateStatus.Failed)
            ?? parts.Find(static v => v.Status == GateStatus.Running)
            ?? parts.Find(static v => v.Status == GateStatus.Waiting)
            ?? parts.Where(static v => v.Status == GateStatus.Passed).MaxBy(static v => v.Since)
            ?? parts[0];
        return holding == parts.Count || holding == 0 || decisive.Status == GateStatus.Failed ? decisive : decisive with { Reason = Reason.Partial };
    }
}
