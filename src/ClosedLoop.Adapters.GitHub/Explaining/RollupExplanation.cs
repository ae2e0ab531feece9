using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Explaining;

/// <summary>
/// Explains an answer with the checks of a commit: of GraphQL (any query with <c>statusCheckRollup</c>), of <c>gh pr view --json
/// statusCheckRollup</c>, of REST's lists of check runs and statuses, or a bare list of checks. Pure.
/// </summary>
internal static class RollupExplanation
{
    private const int MaxDepth = 24;

    public static PayloadExplanation Explain(JsonElement root, bool requiredOnly)
    {
        var rollups = new List<RollupSeen>();
        Collect(root, rollups, 0);
        var diagnostics = new List<string>();
        foreach (var error in root.Items("errors")) diagnostics.Add($"the answer has an error: {SourceText.Quote(error.Text("message") ?? "no message")}; what it left out is not known");
        bool isPartial = diagnostics.Count > 0;
        var judged = rollups.ConvertAll(r => Rollup.Judge(r.Parts, r.State, r.Workflows, r.IsComplete && !isPartial, requiredOnly));
        foreach (var rollup in rollups)
        {
            if (!rollup.IsComplete) diagnostics.Add("not all checks are in this answer (it has more pages, or a check without its fields): no pass is taken from it");
            foreach (var part in rollup.Parts)
                if (part.Unknown is { } word)
                    diagnostics.Add($"{SourceText.Quote(part.Name)}: {SourceText.Quote(word)} is not known to this version and counts as no evidence");
        }
        var verdicts = judged.Select((j, i) => VerdictOf(j, rollups[i].IsComplete && !isPartial)).ToHashSet(StringComparer.Ordinal);
        string verdict = verdicts.Contains("failed") ? "failed" : verdicts.Contains("running") ? "running" : verdicts.Contains("none") || verdicts.Count == 0 ? "none" : "passed";
        var summary = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var (name, bucket) in (ReadOnlySpan<(string, RollupBucket)>)[("pass", RollupBucket.Pass), ("fail", RollupBucket.Fail), ("pending", RollupBucket.Pending), ("cancelled", RollupBucket.Cancelled), ("skipped", RollupBucket.Skipped)])
            summary[name] = judged.Sum(j => j.Count(bucket));
        return new PayloadExplanation
        {
            Verdict = verdict,
            Summary = summary.ToImmutable(),
            Ignored = judged.Count == 0 ? [requiredOnly ? "no required check in it: that is no evidence" : "no check in it: that is no evidence"] : Reasons(judged),
            Diagnostics = [.. diagnostics.Distinct(StringComparer.Ordinal)],
        };
    }

    private static string VerdictOf(RollupJudgement judged, bool isComplete) => judged switch
    {
        { Status: GateStatus.Failed } => "failed",
        { Status: GateStatus.Running } => "running",
        { Status: GateStatus.Passed } => isComplete ? "passed" : "none",
        // What waits for a person, and what this version does not know, has not ended, as gh counts it too.
        _ when judged.Count(RollupBucket.Pending) > 0 => "running",
        _ => "none",
    };

    private static ImmutableArray<string> Reasons(List<RollupJudgement> judged) =>
        [.. judged.Where(static j => j.Status == GateStatus.Waiting && j.Detail is not null).Select(static j => $"no verdict ({j.Reason.ToString().ToLower(CultureInfo.InvariantCulture)}): {j.Detail}").Distinct(StringComparer.Ordinal)];

    private static void Collect(JsonElement element, List<RollupSeen> rollups, int depth)
    {
        if (depth > MaxDepth) return;
        if (element.ValueKind == JsonValueKind.Array)
        {
            var items = element.EnumerateArray().ToList();
            if (items.Exists(IsCheck)) rollups.Add(RollupSeen.Read(items, null, [], hasMore: false));
            else foreach (var item in items) Collect(item, rollups, depth + 1);
            return;
        }
        if (!element.IsObject()) return;
        var contexts = element.Field("contexts");
        if (contexts.Field("nodes").ValueKind == JsonValueKind.Array)
        {
            rollups.Add(RollupSeen.Read([.. contexts.Items("nodes")], element.Text("state")?.ToLowerInvariant(), [], contexts.Field("pageInfo").Flag("hasNextPage") == true));
            return;
        }
        if (element.Field("check_runs").ValueKind == JsonValueKind.Array)
        {
            var runs = element.Items("check_runs").ToList();
            rollups.Add(RollupSeen.Read(runs, null, [], element.Long("total_count") > runs.Count));
            return;
        }
        if (element.Field("statuses").ValueKind == JsonValueKind.Array && element.Field("total_count").ValueKind == JsonValueKind.Number)
        {
            // GitHub says "pending" here for a commit that has only check runs: the sum of nothing.
            var statuses = element.Items("statuses").ToList();
            if (statuses.Count > 0) rollups.Add(RollupSeen.Read(statuses, null, [], element.Long("total_count") > statuses.Count));
            return;
        }
        int before = rollups.Count;
        foreach (var member in element.EnumerateObject()) Collect(member.Value, rollups, depth + 1);
        if (rollups.Count == before + 1 && element.Field("checkSuites").IsObject()) rollups[before] = rollups[before].With(element.Field("checkSuites"));
        if (rollups.Count == before && depth == 0 && IsCheck(element)) rollups.Add(RollupSeen.Read([element], null, [], hasMore: false));
    }

    private static bool IsCheck(JsonElement node) =>
        node.Text("__typename") is "CheckRun" or "StatusContext" ||
        ((node.Text("name") ?? node.Text("context")) is not null && (node.Text("status") ?? node.Text("state")) is not null);
}
