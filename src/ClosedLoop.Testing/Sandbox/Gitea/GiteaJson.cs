using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Gitea;

/// <summary>Gitea's objects, which are the same in its REST API and in webhooks. Its times have whole seconds and the zone of the server.</summary>
internal static class GiteaJson
{
    public const string DraftPrefix = "WIP: ", Merger = "merger";

    private static readonly TimeSpan Zone = TimeSpan.FromHours(1);

    public static string Time(DateTimeOffset at) => at.ToOffset(Zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    public static string? Time(DateTimeOffset? at) => at is { } instant ? Time(instant) : null;

    public static string Email(string login) => $"{login}@noreply.example";

    public static string Url(Uri address, PullRequest pull) => string.Create(CultureInfo.InvariantCulture, $"{address}{pull.Repository}/pulls/{pull.Number}");

    public static JsonObject User(string login) => new()
    {
        ["id"] = 1 + Convert.ToInt32(WorldDice.Sha("user/" + login)[..6], 16),
        ["login"] = login,
        ["login_name"] = "",
        ["full_name"] = "",
        ["email"] = Email(login),
        ["username"] = login,
    };

    public static JsonObject Repository(Uri address, SourceHostState.Repository repository)
    {
        string[] parts = repository.Name.Split('/');
        return new JsonObject
        {
            ["id"] = repository.Id,
            ["owner"] = User(parts[0]),
            ["name"] = parts[1],
            ["full_name"] = repository.Name,
            ["private"] = true,
            ["fork"] = false,
            ["html_url"] = $"{address}{repository.Name}",
            ["url"] = $"{address}api/v1/repos/{repository.Name}",
            ["clone_url"] = $"{address}{repository.Name}.git",
            ["default_branch"] = "main",
            ["archived"] = false,
            ["has_pull_requests"] = true,
            ["allow_merge_commits"] = true,
            ["allow_squash_merge"] = true,
        };
    }

    public static JsonObject Pull(Uri address, SourceHostState.Repository repository, PullRequest pull) => new()
    {
        ["id"] = pull.Id,
        ["url"] = Url(address, pull),
        ["number"] = pull.Number,
        ["user"] = User(pull.Author),
        ["title"] = pull.IsDraft ? DraftPrefix + pull.Title : pull.Title,
        ["body"] = pull.Body,
        ["labels"] = new JsonArray(),
        ["milestone"] = null,
        ["assignees"] = null,
        ["requested_reviewers"] = pull.Reviewer is { } reviewer ? new JsonArray(User(reviewer)) : null,
        ["state"] = pull.IsOpen ? "open" : "closed",
        ["draft"] = pull.IsDraft,
        ["is_locked"] = false,
        ["html_url"] = Url(address, pull),
        ["mergeable"] = pull.IsOpen,
        ["merged"] = pull.MergedAt is not null,
        ["merged_at"] = Time(pull.MergedAt),
        ["merge_commit_sha"] = pull.MergeSha,
        ["merged_by"] = pull.MergedAt is null ? null : User(Merger),
        // Once it is merged, the base is where it landed.
        ["base"] = Side(address, repository, "main", pull.MergeSha ?? pull.BaseSha),
        ["head"] = Side(address, repository, pull.Branch, pull.HeadSha),
        ["merge_base"] = pull.BaseSha,
        ["created_at"] = Time(pull.CreatedAt),
        ["updated_at"] = Time(pull.UpdatedAt),
        ["closed_at"] = Time(pull.ClosedAt),
    };

    public static JsonObject Review(Uri address, PullRequest pull, PullRequestReview review) => new()
    {
        ["id"] = review.Id,
        ["user"] = User(review.Reviewer),
        ["team"] = null,
        ["state"] = review.IsApproval ? "APPROVED" : "REQUEST_CHANGES",
        ["body"] = "",
        ["commit_id"] = review.Commit,
        ["stale"] = false,
        ["official"] = true,
        ["dismissed"] = false,
        ["comments_count"] = 0,
        ["submitted_at"] = Time(review.SubmittedAt),
        ["updated_at"] = Time(review.SubmittedAt),
        ["html_url"] = string.Create(CultureInfo.InvariantCulture, $"{Url(address, pull)}#issuecomment-{review.Id}"),
        ["pull_request_url"] = Url(address, pull),
    };

    public static JsonObject Commit(Uri address, string repository, SourceCommit commit) => new()
    {
        ["url"] = $"{address}api/v1/repos/{repository}/git/commits/{commit.Sha}",
        ["sha"] = commit.Sha,
        ["created"] = Time(commit.At),
        ["html_url"] = $"{address}{repository}/commit/{commit.Sha}",
        ["commit"] = new JsonObject { ["message"] = commit.Message, ["author"] = Signature(commit), ["committer"] = Signature(commit), ["verification"] = null },
        ["author"] = User(commit.Author),
        ["committer"] = User(commit.Author),
        ["parents"] = new JsonArray([.. commit.Parents.Select(p => (JsonNode?)new JsonObject { ["url"] = $"{address}api/v1/repos/{repository}/git/commits/{p}", ["sha"] = p })]),
        ["files"] = null,
        ["stats"] = null,
    };

    private static JsonObject Signature(SourceCommit commit) => new() { ["name"] = commit.Author, ["email"] = Email(commit.Author), ["date"] = Time(commit.At) };

    private static JsonObject Side(Uri address, SourceHostState.Repository repository, string branch, string sha) => new()
    {
        ["label"] = branch,
        ["ref"] = branch,
        ["sha"] = sha,
        ["repo_id"] = repository.Id,
        ["repo"] = Repository(address, repository),
    };
}
