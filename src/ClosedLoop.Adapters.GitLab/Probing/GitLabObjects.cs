using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitLab.Observations;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Probing;

/// <summary>Reads objects of the API into the same facts that a webhook would have brought. Each method returns the field that is missing, or null.</summary>
internal static class GitLabObjects
{
    public static string? ReadMergeRequest(JsonElement request, string repository, GitLabSettings settings, Harvest harvest)
    {
        if (request.Number("iid") is not ({ } number and > 0 and <= int.MaxValue)) return "iid";
        if (request.Text("state") is not { } state) return "state";
        if (request.Moment("created_at") is not { } created) return "created_at";
        if (request.Moment("updated_at") is not { } updated) return "updated_at";
        // A merge request that was just made has no diff yet.
        if (request.Text("sha") is not { } head || !KeyText.IsCommit(head)) return "sha";
        if (request.Text("source_branch") is not { } source) return "source_branch";
        if (request.Text("target_branch") is not { } target) return "target_branch";
        bool isMerged = state == "merged";
        var mergedAt = request.Moment("merged_at");
        ChangeFacts.Add(
            new ChangeSeen
            {
                Repository = repository,
                Number = number,
                State = MergeRequestState.Of(state),
                Word = state,
                CreatedAt = created,
                UpdatedAt = updated,
                Head = head.ToLowerInvariant(),
                HeadBranch = source,
                HeadRepository = request.Number("source_project_id") is { } from && from == request.Number("target_project_id") ? repository : null,
                BaseBranch = target,
                Title = request.Text("title"),
                Body = request.Text("description"),
                Url = request.Text("web_url"),
                IsDraft = request.Flag("draft") ?? request.Flag("work_in_progress") ?? false,
                ClosedAt = request.Moment("closed_at"),
                MergedAt = isMerged ? mergedAt ?? updated : null,
                Landing = isMerged ? LandingOf(request, head) : null,
                MergedOrdinal = isMerged ? MergeRequestState.MergedOrdinal(mergedAt is not null) : null,
                LandingOrdinal = Ordinal.At(created, mergedAt is not null ? 1 : 0),
                Labels = [.. request.Elements("labels").Select(static label => label.AsText() ?? label.Text("name")).OfType<string>()],
            },
            settings.Host,
            harvest);
        return null;
    }

    /// <param name="approvals">The answer about approvals.</param>
    /// <param name="reviewers">The answer about reviewers, or null.</param>
    /// <param name="request">The merge request.</param>
    /// <param name="repository">Its project.</param>
    /// <param name="settings">The adapter's.</param>
    /// <param name="harvest">Takes the fact.</param>
    public static string? ReadApprovals(JsonElement approvals, JsonElement? reviewers, JsonElement request, string repository, GitLabSettings settings, Harvest harvest)
    {
        if (request.Number("iid") is not ({ } number and > 0 and <= int.MaxValue)) return "iid";
        string? head = request.Text("sha") is { } sha && KeyText.IsCommit(sha) ? sha.ToLowerInvariant() : null;
        if (HostTime.Latest(Updated(approvals), Updated(request)) is not { } exact) return "updated_at";
        var updated = DateTimeOffset.FromUnixTimeSeconds(exact.ToUnixTimeSeconds());
        if (approvals.Member("approved_by")?.ValueKind != JsonValueKind.Array) return "approved_by";
        long? author = request.Member("author")?.Number("id");
        bool any = false, counted = false;
        DateTimeOffset? last = null;
        foreach (var approval in approvals.Elements("approved_by"))
        {
            any = true;
            if (author is not null && approval.Member("user")?.Number("id") == author && !settings.CountAuthorApprovals) continue;
            counted = true;
            last = HostTime.Latest(last, approval.Moment("approved_at"));
        }
        bool met = approvals.Flag("approved") ?? approvals.Number("approvals_left") == 0;
        bool requested = reviewers is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().Any(static r => r.Text("state") == ApprovalFacts.RequestedChanges);
        var verdict = requested ? ApprovalVerdict.ChangesRequested
            : counted ? met ? ApprovalVerdict.Approved : ApprovalVerdict.Incomplete
            : any ? ApprovalVerdict.ByAuthorOnly : ApprovalVerdict.None;
        ApprovalFacts.Add(repository, number, verdict, head, exact, counted && !requested ? last ?? updated : updated, request.Text("web_url"), settings, harvest);
        return null;
    }

    // In full: an approval in the second of the look before it is the newer of the two. A webhook has whole seconds, and asks for a look.
    private static DateTimeOffset? Updated(JsonElement element) => element.Moment("updated_at") is { } cut ? element.Time("updated_at") ?? cut : null;

    public static string? ReadPipeline(JsonElement pipeline, string repository, string? defaultBranch, GitLabSettings settings, Harvest harvest)
    {
        if (pipeline.Number("id") is not ({ } id and > 0)) return "id";
        if (pipeline.Text("sha") is not { } sha || !KeyText.IsCommit(sha)) return "sha";
        if (pipeline.Text("status") is not { } status) return "status";
        if (pipeline.Text("ref") is not { } reference) return "ref";
        if (pipeline.Moment("created_at") is not { } created) return "created_at";
        var detailed = pipeline.Member("detailed_status");
        PipelineFacts.Add(
            new PipelineSeen
            {
                Repository = repository,
                Id = id,
                Commit = sha.ToLowerInvariant(),
                Reference = reference,
                IsTag = pipeline.Flag("tag") == true,
                Source = pipeline.Text("source"),
                DefaultBranch = defaultBranch,
                Status = status,
                HasWarnings = detailed?.Text("group") == "success-with-warnings" || detailed?.Text("label") == "passed with warnings",
                CreatedAt = created,
                FinishedAt = pipeline.Moment("finished_at"),
                MovedAt = HostTime.Latest(created, pipeline.Moment("started_at"), pipeline.Moment("finished_at"), pipeline.Moment("updated_at"))!.Value,
                Url = pipeline.Text("web_url"),
            },
            settings,
            harvest);
        return null;
    }

    public static string? ReadDeployment(JsonElement deployment, string repository, GitLabSettings settings, Harvest harvest)
    {
        if (deployment.Number("id") is not ({ } id and > 0)) return "id";
        if (deployment.Text("sha") is not { } sha || !KeyText.IsCommit(sha)) return "sha";
        if (deployment.Text("status") is not { } status) return "status";
        if (deployment.Text("environment", "name") is not { } environment) return "environment.name";
        if ((deployment.Moment("finished_at") ?? deployment.Moment("updated_at") ?? deployment.Moment("created_at")) is not { } at) return "created_at";
        DeploymentFacts.Add(
            new DeploymentSeen
            {
                Repository = repository,
                Id = id,
                Commit = sha.ToLowerInvariant(),
                Environment = environment,
                Status = status,
                At = at,
                Url = deployment.Text("deployable", "web_url"),
            },
            settings,
            harvest);
        return null;
    }

    public static LineCommitSeen? ReadCommit(JsonElement commit)
    {
        if (commit.Text("id") is not { } sha || !KeyText.IsCommit(sha) || (commit.Moment("committed_date") ?? commit.Moment("created_at")) is not { } at) return null;
        var parents = ImmutableArray.CreateBuilder<string>();
        foreach (var parent in commit.Elements("parent_ids"))
        {
            // Half a list of parents would be another history.
            if (parent.AsText() is not { } id || !KeyText.IsCommit(id)) return null;
            parents.Add(id.ToLowerInvariant());
        }
        return commit.Member("parent_ids") is null ? null : new LineCommitSeen(sha.ToLowerInvariant(), parents.ToImmutable(), commit.Text("message"), at);
    }

    // A project that merges by fast-forward has no merge commit; then the squash landed, or the merge request's own last commit.
    private static string? LandingOf(JsonElement request, string head)
    {
        foreach (string name in (ReadOnlySpan<string>)["merge_commit_sha", "squash_commit_sha"])
            if (request.Text(name) is { } sha && KeyText.IsCommit(sha))
                return sha.ToLowerInvariant();
        return head.ToLowerInvariant();
    }
}
