using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitLab.Probing;
using ClosedLoop.Adapters.GitLab.Webhooks;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.GitLab;

/// <summary>Explains payloads and polled objects offline.</summary>
internal static class GitLabExplanation
{
    private const int MaxElements = 10_000;

    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName)
    {
        if (input.Length > GitLabAdapter.MaxBodyBytes) return Nothing($"the input is larger than {GitLabAdapter.MaxBodyBytes} bytes");
        var harvest = new Harvest();
        var ignored = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(input);
            var root = document.RootElement;
            if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) return Nothing("the input is not a JSON object or array");
            int index = 0;
            foreach (var element in root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().Take(MaxElements) : Enumerable.Repeat(root, 1))
                ExplainOne(element, root.ValueKind == JsonValueKind.Array ? $"[{index++}]: " : "", eventName, harvest, ignored);
        }
        catch (JsonException error)
        {
            return Nothing($"the input is not valid JSON: {error.Message}");
        }
        return PayloadExplanation.Of(harvest.Facts) with { Ignored = [.. ignored], Diagnostics = [.. harvest.Diagnostics] };
    }

    private static void ExplainOne(JsonElement element, string where, string? eventName, Harvest harvest, List<string> ignored)
    {
        var settings = GitLabSettings.ForExplanation;
        try
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                ignored.Add($"{where}not a JSON object");
                return;
            }
            if (element.Member("object_kind") is not null || element.Member("event_name") is not null)
            {
                var translation = new GitLabTranslator(settings).Translate(element, eventName ?? "unknown");
                var one = PayloadExplanation.Of(translation);
                harvest.Facts.AddRange(one.Facts);
                harvest.Diagnostics.AddRange(one.Diagnostics);
                ignored.AddRange(one.Ignored.Select(reason => where + reason));
                if (one.Facts.IsEmpty && one.Ignored.IsEmpty) ignored.Add($"{where}{translation.Event}: no fact of its own; {string.Join(", ", translation.Hints)} is read again");
                return;
            }
            string kind = KindOf(element, eventName);
            int before = harvest.Facts.Count;
            harvest.Nothing = null;
            string? reason = kind switch
            {
                "merge_request" => Missing(RepositoryOf(element) is { } r ? GitLabObjects.ReadMergeRequest(element, r, settings, harvest) : "web_url"),
                "pipeline" => Missing(RepositoryOf(element) is { } r ? GitLabObjects.ReadPipeline(element, r, null, settings, harvest) : "web_url"),
                "deployment" => Missing(RepositoryOf(element) is { } r ? GitLabObjects.ReadDeployment(element, r, settings, harvest) : "deployable.web_url"),
                "approvals" => Missing(GitLabObjects.ReadApprovals(element, null, element, RepositoryOf(element) ?? "unknown/unknown", settings, harvest)),
                "commit" => ExplainCommit(element, settings, harvest),
                _ => "neither a webhook (object_kind) nor a merge request, approvals, a pipeline, a deployment or a commit of the API; name it as the event",
            };
            reason ??= harvest.Facts.Count == before ? harvest.Nothing ?? "it says nothing of a gate" : null;
            if (reason is not null) ignored.Add(where + (kind.Length > 0 ? $"{kind}: " : "") + reason);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            ignored.Add($"{where}a value cannot be read: text that no key can hold");
        }
    }

    private static string? Missing(string? field) => field is null ? null : $"malformed: {field} is missing or not of its documented form";

    private static string KindOf(JsonElement element, string? eventName) => (eventName ?? "").Replace(" Hook", "", StringComparison.OrdinalIgnoreCase).Trim().Replace(' ', '_').ToLowerInvariant() switch
    {
        "merge_request" or "merge_requests" or "mr" => "merge_request",
        "approvals" or "approval" => "approvals",
        "pipeline" or "pipelines" => "pipeline",
        "deployment" or "deployments" => "deployment",
        "commit" or "commits" => "commit",
        _ => element.Member("approved_by") is not null ? "approvals"
            : element.Member("source_branch") is not null && element.Member("target_branch") is not null ? "merge_request"
            : element.Member("environment") is not null && element.Member("sha") is not null ? "deployment"
            : element.Member("parent_ids") is not null ? "commit"
            : element.Member("status") is not null && element.Member("ref") is not null && element.Member("sha") is not null ? "pipeline" : "",
    };

    private static string? RepositoryOf(JsonElement element)
    {
        if (element.Text("references", "full") is { } full && full.IndexOf('!', StringComparison.Ordinal) is > 0 and var mark && RepositoryPath.IsValid(full[..mark], GitLabSettings.MinSegments, GitLabSettings.MaxSegments)) return full[..mark];
        foreach (string? url in (ReadOnlySpan<string?>)[element.Text("web_url"), element.Text("deployable", "web_url"), element.Text("deployable", "pipeline", "web_url")])
            if (RepositoryPath.OfAddress(url, "/-/", GitLabSettings.MinSegments, GitLabSettings.MaxSegments) is { } found)
                return found;
        return null;
    }

    private static string? ExplainCommit(JsonElement element, GitLabSettings settings, Harvest harvest)
    {
        if (GitLabObjects.ReadCommit(element) is not { } commit) return "malformed: id, parent_ids or committed_date is missing or not of its documented form";
        LineCommitFacts.Add(commit, RepositoryOf(element) ?? "unknown/unknown", null, false, settings.Host, harvest);
        harvest.Nothing = $"a commit with {commit.Parents.Length} parents: history, which is no fact";
        return null;
    }

    private static PayloadExplanation Nothing(string reason) => new() { Ignored = ImmutableArray.Create(reason) };
}
