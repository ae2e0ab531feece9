using System.Text.Json;
using ClosedLoop.Adapters.GitLab.Observations;
using ClosedLoop.Adapters.GitLab.Probing;
using ClosedLoop.Adapters.GitLab.Webhooks;
using ClosedLoop.Adapters.SourceHosts;
using static ClosedLoop.Adapters.SourceHosts.HostExplanation;

namespace ClosedLoop.Adapters.GitLab;

/// <summary>Explains payloads and polled objects offline.</summary>
internal static class GitLabExplanation
{
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName)
    {
        var settings = GitLabSettings.ForExplanation;
        return new HostExplanation
        {
            EventOf = element => element.Member("object_kind") is not null || element.Member("event_name") is not null ? eventName ?? "unknown" : null,
            Translate = new GitLabTranslator(settings).Translate,
            KindOf = element => KindOf(element, eventName),
            Read = (element, kind, harvest) => Read(element, kind, settings, harvest),
        }.Explain(input, GitLabAdapter.MaxBodyBytes);
    }

    private static string? Read(JsonElement element, string kind, GitLabSettings settings, Harvest harvest) => kind switch
    {
        "merge_request" => Missing(RepositoryOf(element) is { } r ? GitLabObjects.ReadMergeRequest(element, r, settings, harvest) : "web_url"),
        "pipeline" => Missing(RepositoryOf(element) is { } r ? GitLabObjects.ReadPipeline(element, r, null, settings, harvest) : "web_url"),
        "deployment" => Missing(RepositoryOf(element) is { } r ? GitLabObjects.ReadDeployment(element, r, settings, harvest) : "deployable.web_url"),
        "approvals" => Missing(GitLabObjects.ReadApprovals(element, null, element, RepositoryOf(element) ?? "unknown/unknown", settings, harvest)),
        "merge_train" => ReadCar(element, settings, harvest),
        "commit" => ReadCommit(element, settings, harvest),
        _ => "neither a webhook (object_kind) nor a merge request, approvals, a pipeline, a deployment, a place in a merge train or a commit of the API; name it as the event",
    };

    private static string KindOf(JsonElement element, string? eventName) => (eventName ?? "").Replace(" Hook", "", StringComparison.OrdinalIgnoreCase).Trim().Replace(' ', '_').ToLowerInvariant() switch
    {
        "merge_request" or "merge_requests" or "mr" => "merge_request",
        "approvals" or "approval" => "approvals",
        "pipeline" or "pipelines" => "pipeline",
        "deployment" or "deployments" => "deployment",
        "commit" or "commits" => "commit",
        "merge_train" or "merge_trains" => "merge_train",
        _ => element.Member("merge_request") is { ValueKind: JsonValueKind.Object } && element.Member("target_branch") is not null ? "merge_train"
            : element.Member("approved_by") is not null ? "approvals"
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

    private static string? ReadCar(JsonElement car, GitLabSettings settings, Harvest harvest)
    {
        if (car.Member("merge_request") is not { } request || request.Number("iid") is not ({ } number and > 0 and <= int.MaxValue) || RepositoryOf(request) is not { } repository) return Missing("merge_request");
        if (TrainCarSeen.Read(car) is not { } seen) return Missing("status or created_at");
        TrainFacts.AddEntered(repository, number, seen, settings, harvest);
        return null;
    }

    private static string? ReadCommit(JsonElement element, GitLabSettings settings, Harvest harvest)
    {
        if (GitLabObjects.ReadCommit(element) is not { } commit) return "malformed: id, parent_ids or committed_date is missing or not of its documented form";
        LineCommitFacts.Add(commit, RepositoryOf(element) ?? "unknown/unknown", null, false, settings.Host, harvest);
        harvest.Nothing = $"a commit with {commit.Parents.Length} parents: history, which is no fact";
        return null;
    }
}
