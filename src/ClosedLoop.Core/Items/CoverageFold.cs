using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Items;

/// <summary>Brings what the lines say of a landing into the views of its gates. Pure.</summary>
internal static class CoverageFold
{
    /// <summary>Adds to a view why its deciding evidence counts.</summary>
    public static void Explain(ref GateDraft view, IReadOnlyList<CoveredFact> covered)
    {
        for (int i = 0; i < covered.Count; i++)
        {
            var fact = covered[i];
            if (fact.Fact.Subject != view.Subject || fact.Fact.Writer != view.Writer || fact.Fact.OccurredAt != view.Since) continue;
            // That a target runs something else is no evidence about this change, only a reason to wait.
            if (fact.IsAbsence) view = new GateDraft(view.Gate) { Status = view.Status, Reason = view.Reason, Detail = view.Detail };
            else (view.Coverage, view.SettlesAt) = (fact.Coverage, fact.SettlesAt);
            return;
        }
    }

    /// <summary>Applies what does not come from a series: a landing that no longer stands, the lines a gate asks for, baselines, paths.</summary>
    public static void Apply(GateDefinition gate, ref GateDraft view, ChangeScope? change, LandingCoverage? landing)
    {
        if (gate.ListensTo(Gates.Merged))
        {
            if (view.Status == GateStatus.Passed) ApplyLines(gate, ref view, landing);
            return;
        }
        if (change is null) return;
        // What a later commit proves is not the change's own evidence: else the first deployment would ship all of history.
        if (landing?.Baselined.Contains(gate.Name) == true && (!view.HasEvidence || (view.Coverage is not null && view.Reason != Reason.Exact)))
            view = new GateDraft(gate.Name) { RefusedWriters = view.RefusedWriters, Status = GateStatus.NotApplicable, Reason = Reason.Baseline, Detail = "landed before tracking began" };
        else if (!view.Holds && !gate.ExemptPaths.IsDefaultOrEmpty && view.Status != GateStatus.Failed && Exempt(gate, change) is { } landed)
            view = view with { Status = GateStatus.NotApplicable, Reason = Reason.None, Since = landed.OccurredAt, Detail = $"changes only {string.Join(", ", gate.ExemptPaths)}" };
    }

    private static void ApplyLines(GateDefinition gate, ref GateDraft view, LandingCoverage? landing)
    {
        DateTimeOffset? since = null;
        var gone = landing?.Gone;
        bool asks = false;
        if (landing is { IsLocated: true } && landing.Lines.TryGetValue(gate.Name, out var asked)) (asks, since, gone) = (true, asked.Since, asked.Gone);
        if (gone is not null)
            view = view with { Status = GateStatus.Failed, Reason = gone.Reason, Since = gone.Since, Detail = gone.Detail, Revision = gone.Commit.Value[(gone.Commit.Value.LastIndexOf('@') + 1)..] };
        else if (!asks || view.Writer?.Role == WriterRoles.Person) return;
        else if (since is null) view = new GateDraft(gate.Name) { Detail = $"not on {string.Join(", ", gate.Lines)} yet", RefusedWriters = view.RefusedWriters };
        else if (since > view.Since) view.Since = since;
    }

    // Of every landing all paths have to be known: half a list exempts nothing.
    private static Fact? Exempt(GateDefinition gate, ChangeScope change)
    {
        Fact? landed = null;
        foreach (var fact in change.LandingFacts)
        {
            if (ChangedPaths.Read(fact) is not { } paths || !paths.All(path => gate.ExemptPaths.Any(pattern => PathPattern.Matches(pattern, path)))) return null;
            landed = fact;
        }
        return landed;
    }
}
