using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitLab.Observations;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Webhooks;

/// <summary>Reads a merge request event: every action carries the whole state, and some speak of approvals. Returns the field that is missing, or null.</summary>
internal static class MergeRequestPayload
{
    public static string? Read(JsonElement payload, string repository, GitLabSettings settings, Harvest harvest)
    {
        if (payload.Member("object_attributes") is not { } request) return "object_attributes";
        if (request.Number("iid") is not ({ } number and > 0 and <= int.MaxValue)) return "object_attributes.iid";
        if (request.Text("state") is not { } state) return "object_attributes.state";
        if (request.Moment("created_at") is not { } created) return "object_attributes.created_at";
        if (request.Moment("updated_at") is not { } updated) return "object_attributes.updated_at";
        if (request.Text("last_commit", "id") is not { } head || !KeyText.IsCommit(head)) return "object_attributes.last_commit.id";
        if (request.Text("source_branch") is not { } source) return "object_attributes.source_branch";
        if (request.Text("target_branch") is not { } target) return "object_attributes.target_branch";
        string action = request.Text("action") ?? "";
        var changes = payload.Member("changes");
        bool isMerged = state == "merged";
        // A webhook has no time of the merge but that of the event that announces it, and names the commit only where there is a merge commit:
        // of the others it does not say whether they were squashed.
        bool announcesMerge = isMerged && action == "merge";
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
                MentionedReverts = ChangeFacts.Mentions(changes?.Text("description", "previous")) || ChangeFacts.Mentions(changes?.Text("title", "previous")),
                Url = request.Text("url"),
                IsDraft = request.Flag("draft") ?? request.Flag("work_in_progress") ?? false,
                ClosedAt = state == "closed" ? updated : null,
                MergedAt = isMerged ? request.Moment("merged_at") ?? updated : null,
                Landing = isMerged && request.Text("merge_commit_sha") is { } merge && KeyText.IsCommit(merge) ? merge.ToLowerInvariant() : null,
                MergedOrdinal = isMerged ? MergeRequestState.MergedOrdinal(announcesMerge || request.Moment("merged_at") is not null) : null,
                LandingOrdinal = Ordinal.At(created, announcesMerge || request.Moment("merged_at") is not null ? 1 : 0),
                Labels = [.. (payload.Elements("labels").Any() ? payload.Elements("labels") : request.Elements("labels")).Select(static label => label.Text("title")).OfType<string>()],
            },
            settings.Host,
            harvest);
        AddApproval(payload, request, action, repository, number, head.ToLowerInvariant(), updated, settings, harvest);
        harvest.Hints.Add(Key.PullRequest(repository, number));
        return null;
    }

    private static void AddApproval(JsonElement payload, JsonElement request, string action, string repository, long number, string head, DateTimeOffset updated, GitLabSettings settings, Harvest harvest)
    {
        bool reviewersChanged = action == "update" && payload.Member("changes", "reviewers") is not null;
        if (action is not ("approved" or "approval" or "unapproved" or "unapproval") && !reviewersChanged) return;
        bool byAuthor = payload.Member("user")?.Number("id") is { } user && user == request.Number("author_id");
        bool requested = payload.Elements("reviewers").Any(static r => r.Text("state") == ApprovalFacts.RequestedChanges);
        ApprovalVerdict verdict;
        if (requested) verdict = ApprovalVerdict.ChangesRequested;
        else if (reviewersChanged)
        {
            if (!WasRequested(payload)) return;
            verdict = ApprovalVerdict.Withdrawn;
        }
        else if (action is "unapproved" or "unapproval") verdict = ApprovalVerdict.Withdrawn;
        else if (byAuthor && !settings.CountAuthorApprovals) verdict = ApprovalVerdict.ByAuthorOnly;
        else verdict = action == "approved" ? ApprovalVerdict.Approved : ApprovalVerdict.Incomplete;
        ApprovalFacts.Add(repository, number, verdict, head, updated, updated, request.Text("url"), settings, harvest);
    }

    private static bool WasRequested(JsonElement payload) =>
        payload.Member("changes", "reviewers") is { } change && change.Elements("previous").SelectMany(static p => p.ValueKind == JsonValueKind.Array ? p.EnumerateArray() : Enumerable.Repeat(p, 1)).Any(static r => r.Text("state") == ApprovalFacts.RequestedChanges);
}
