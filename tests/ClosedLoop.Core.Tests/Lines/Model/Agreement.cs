using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>Compares what the engine stored with what the reference says; writes each difference as a line.</summary>
internal static class Agreement
{
    public static string Differences(PipelineDefinition pipeline, Dictionary<Key, Verdict[]> expected, SortedDictionary<string, ItemState> stored)
    {
        var text = new StringBuilder();
        foreach (string extra in stored.Keys.Except(expected.Keys.Select(static k => k.Value))) text.AppendLine($"{extra}: is stored, and should not exist");
        foreach (var (item, verdicts) in expected.OrderBy(static e => e.Key))
        {
            if (!stored.TryGetValue(item.Value, out var state))
            {
                text.AppendLine($"{item.Value}: is not stored");
                continue;
            }
            for (int g = 0; g < verdicts.Length; g++)
                if (Seen(state.Gates[g], verdicts[g]) is var seen && seen != verdicts[g])
                    text.AppendLine($"{item.Value} {pipeline.Gates[g].Name}: reference {verdicts[g]}; engine {seen} ({state.Gates[g].Detail})");
        }
        return text.ToString();
    }

    // Without evidence of its own, or with a failure of which nobody knows since when, a gate's Since is when it became eligible, which is
    // not about coverage. Why it counts is compared where the reference says it.
    private static Verdict Seen(GateView gate, Verdict expected)
    {
        bool since = expected.Since is not null || (gate.HasEvidence && expected.Status is not (GateStatus.NotApplicable or GateStatus.Failed));
        var seen = new Verdict(gate.Status, gate.Reason, since ? gate.Since : null);
        return expected.Commit is null ? seen : seen with { Commit = gate.Coverage?.Commit, ReleasedBy = gate.Coverage?.ReleasedBy, OnRed = gate.Coverage?.LandedOnRed == true, Waited = gate.Coverage?.Waited };
    }
}
