using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.SourceHosts;

namespace ClosedLoop.Testing.Sandbox.GitLab;

/// <summary>GitLab's objects in the shapes of its REST API, version 4.</summary>
internal static class GitLabObjects
{
    public static JsonObject Project(Uri address, SourceHostState.Repository repository) => new()
    {
        ["id"] = repository.Id,
        ["name"] = repository.Name.Split('/')[1],
        ["path_with_namespace"] = repository.Name,
        ["default_branch"] = "main",
        ["visibility"] = "private",
        ["web_url"] = $"{address}{repository.Name}",
        ["http_url_to_repo"] = $"{address}{repository.Name}.git",
        ["archived"] = false,
    };

    public static JsonObject MergeRequest(Uri address, SourceHostState.Repository repository, PullRequest pull)
    {
        var (merge, squash) = GitLabJson.Landing(pull, repository.Line);
        return new JsonObject
        {
            ["id"] = pull.Id,
            ["iid"] = pull.Number,
            ["project_id"] = repository.Id,
            ["title"] = GitLabJson.Title(pull),
            ["description"] = pull.Body,
            ["state"] = GitLabJson.State(pull),
            ["created_at"] = GitLabJson.Time(pull.CreatedAt),
            ["updated_at"] = GitLabJson.Time(pull.UpdatedAt),
            ["merged_by"] = pull.MergedAt is null ? null : GitLabJson.User("merge-train"),
            ["merged_at"] = GitLabJson.Time(pull.MergedAt),
            ["closed_by"] = null,
            // Of a merged one it is not set.
            ["closed_at"] = pull.MergedAt is null ? GitLabJson.Time(pull.ClosedAt) : null,
            ["target_branch"] = "main",
            ["source_branch"] = pull.Branch,
            ["author"] = GitLabJson.User(pull.Author),
            ["assignees"] = new JsonArray(),
            ["reviewers"] = pull.Reviewer is { } reviewer ? new JsonArray(GitLabJson.User(reviewer)) : new JsonArray(),
            ["source_project_id"] = repository.Id,
            ["target_project_id"] = repository.Id,
            ["labels"] = new JsonArray(),
            ["draft"] = pull.IsDraft,
            ["work_in_progress"] = pull.IsDraft,
            ["detailed_merge_status"] = pull.IsOpen ? pull.IsDraft ? "draft_status" : "mergeable" : "not_open",
            ["sha"] = pull.HeadSha,
            ["merge_commit_sha"] = merge,
            ["squash_commit_sha"] = squash,
            ["squash"] = squash is not null,
            ["references"] = new JsonObject { ["short"] = string.Create(CultureInfo.InvariantCulture, $"!{pull.Number}"), ["full"] = string.Create(CultureInfo.InvariantCulture, $"{pull.Repository}!{pull.Number}") },
            ["web_url"] = GitLabJson.Url(address, pull),
        };
    }

    /// <summary>As the free edition answers, which has no rules about how many must approve.</summary>
    public static JsonObject Approvals(PullRequest pull)
    {
        bool approved = GitLabJson.ReviewState(pull) == GitLabJson.Approved;
        return new JsonObject
        {
            ["user_has_approved"] = false,
            ["user_can_approve"] = false,
            ["approved"] = approved,
            ["approved_by"] = approved ? new JsonArray(new JsonObject { ["user"] = GitLabJson.User(pull.Reviews[^1].Reviewer), ["approved_at"] = GitLabJson.Time(pull.Reviews[^1].SubmittedAt) }) : new JsonArray(),
        };
    }

    public static JsonArray Reviewers(PullRequest pull) =>
        pull.Reviewer is { } reviewer ? new JsonArray(new JsonObject { ["user"] = GitLabJson.User(reviewer), ["state"] = GitLabJson.ReviewState(pull), ["created_at"] = GitLabJson.Time(pull.CreatedAt) }) : [];

    public static JsonObject Branch(Uri address, SourceHostState.Repository repository) => new()
    {
        ["name"] = "main",
        ["merged"] = false,
        ["protected"] = true,
        ["default"] = true,
        ["web_url"] = $"{address}{repository.Name}/-/tree/main",
        ["commit"] = Commit(address, repository.Name, SourceHistory.OfLine(repository.Line.Head)),
    };

    public static JsonObject Commit(Uri address, string repository, SourceCommit commit) => new()
    {
        ["id"] = commit.Sha,
        ["short_id"] = commit.Sha[..8],
        ["created_at"] = GitLabJson.Time(commit.At),
        ["parent_ids"] = new JsonArray([.. commit.Parents.Select(static p => (JsonNode?)p)]),
        ["title"] = commit.Title,
        ["message"] = commit.Message,
        ["author_name"] = commit.Author,
        ["authored_date"] = GitLabJson.Time(commit.At),
        ["committer_name"] = commit.Author,
        ["committed_date"] = GitLabJson.Time(commit.At),
        ["web_url"] = GitLabJson.CommitUrl(address, repository, commit.Sha),
    };
}
