using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>GitHub's webhooks: signed over the raw bytes, and sent once.</summary>
internal sealed class GitHubEvents(WorldState world)
{
    private readonly WorldDice _ids = new(world.Options.Seed, "github-deliveries");
    private readonly string _secret = world.Secrets.GitHubWebhookSecret;
    private readonly Uri _address = world.Addresses.GitHub;

    public void Ping() => Send("ping", new JsonObject { ["zen"] = "Keep it logically awesome.", ["hook_id"] = 1 });

    public void PullRequest(string action, PullRequest pull) => Send("pull_request", new JsonObject
    {
        ["action"] = action,
        ["number"] = pull.Number,
        ["pull_request"] = GitHubJson.Pull(_address, pull, inList: false),
        ["repository"] = GitHubJson.Repository(_address, pull.Repository),
        ["sender"] = GitHubJson.User(pull.Author),
    });

    public void Review(PullRequest pull, PullRequestReview review) => Send("pull_request_review", new JsonObject
    {
        ["action"] = "submitted",
        ["review"] = GitHubJson.Review(_address, pull, review, inWebhook: true),
        // As GitHub does: the pull request in a review's event is in the shape of a list's.
        ["pull_request"] = GitHubJson.Pull(_address, pull, inList: true),
        ["repository"] = GitHubJson.Repository(_address, pull.Repository),
        ["sender"] = GitHubJson.User(review.Reviewer),
    });

    /// <summary>The branch moved to its head.</summary>
    /// <param name="line">The branch.</param>
    /// <param name="before">Where it stood.</param>
    /// <param name="change">The change that landed by its head; null for a push by hand.</param>
    public void Push(WorldLine line, WorldCommit before, WorldChange? change)
    {
        var head = line.Head;
        var top = Commit(line.Repository, head.Sha, head.Message, head.Author, head.At, distinct: true, byGitHub: change is not null);
        // A merge brings the commits of its branch, which were pushed there before.
        var commits = change is not null && head.Merged is { } merged
            ? new JsonArray(Commit(line.Repository, merged, CommitMessages.OfBranch(change), change.Plan.Author, change.Pull.CreatedAt, distinct: false, byGitHub: false), top)
            : new JsonArray(top);
        var repository = GitHubJson.Repository(_address, line.Repository);
        // In pushes, and only there, this is a number.
        repository["pushed_at"] = head.At.ToUnixTimeSeconds();
        Send("push", new JsonObject
        {
            ["ref"] = "refs/heads/main",
            ["before"] = before.Sha,
            ["after"] = head.Sha,
            ["created"] = false,
            ["deleted"] = false,
            ["forced"] = head.Parent != before,
            ["base_ref"] = null,
            ["commits"] = commits,
            ["head_commit"] = top.DeepClone(),
            ["compare"] = $"{_address}{line.Repository}/compare/{before.Sha[..12]}...{head.Sha[..12]}",
            ["repository"] = repository,
            ["sender"] = GitHubJson.User(change is null ? head.Author : "merge-queue"),
        });
    }

    private JsonObject Commit(string repository, string sha, string message, string author, DateTimeOffset at, bool distinct, bool byGitHub) => new()
    {
        ["id"] = sha,
        ["distinct"] = distinct,
        ["message"] = message,
        ["timestamp"] = GitHubJson.Time(at),
        ["url"] = $"{_address}{repository}/commit/{sha}",
        ["author"] = new JsonObject { ["name"] = author, ["username"] = author },
        ["committer"] = byGitHub ? new JsonObject { ["name"] = "GitHub", ["username"] = "web-flow" } : new JsonObject { ["name"] = author, ["username"] = author },
    };

    private void Send(string name, JsonObject payload)
    {
        byte[] body = WebhookSignature.Bytes(payload);
        world.Outbox.Post(new WebhookMessage
        {
            Target = WebhookTarget.GitHub,
            Event = name,
            Body = body,
            ContentType = "application/json",
            Headers =
            [
                ("X-GitHub-Event", name),
                ("X-GitHub-Delivery", _ids.Id().ToString()),
                ("X-GitHub-Hook-ID", "1"),
                ("X-GitHub-Hook-Installation-Target-Type", "organization"),
                ("X-GitHub-Hook-Installation-Target-ID", "1"),
                ("X-Hub-Signature-256", WebhookSignature.Sha256(_secret, body)),
                ("User-Agent", "GitHub-Hookshot/5a3b1c7"),
            ],
        });
    }
}
