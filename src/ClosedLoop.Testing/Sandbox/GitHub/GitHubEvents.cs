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

    public void Ping() => Send("ping", new JsonObject
    {
        ["zen"] = "Keep it logically awesome.",
        ["hook_id"] = 1,
        ["hook"] = new JsonObject
        {
            ["type"] = "Organization",
            ["id"] = 1,
            ["name"] = "web",
            ["active"] = true,
            ["events"] = new JsonArray("pull_request", "pull_request_review", "push"),
            ["config"] = new JsonObject { ["content_type"] = "json", ["insecure_ssl"] = "0" },
            ["updated_at"] = GitHubJson.Time(world.Now),
            ["created_at"] = GitHubJson.Time(world.Now),
        },
    });

    public void PullRequest(string action, PullRequest pull) => Send("pull_request", new JsonObject
    {
        ["action"] = action,
        ["number"] = pull.Number,
        ["pull_request"] = GitHubJson.Pull(_address, pull, inList: false),
        ["repository"] = GitHubAccountJson.Repository(_address, pull.Repository),
        ["sender"] = GitHubAccountJson.User(_address, pull.Author),
    });

    public void Review(PullRequest pull, PullRequestReview review) => Send("pull_request_review", new JsonObject
    {
        ["action"] = "submitted",
        ["review"] = GitHubJson.Review(_address, pull, review, inWebhook: true),
        // As GitHub does: the pull request in a review's event is in the shape of a list's.
        ["pull_request"] = GitHubJson.Pull(_address, pull, inList: true),
        ["repository"] = GitHubAccountJson.Repository(_address, pull.Repository),
        ["sender"] = GitHubAccountJson.User(_address, review.Reviewer),
    });

    /// <summary>The branch moved to its head.</summary>
    /// <param name="line">The branch.</param>
    /// <param name="before">Where it stood.</param>
    /// <param name="change">The change that landed by its head; null for a push by hand.</param>
    public void Push(WorldLine line, WorldCommit before, WorldChange? change)
    {
        var head = line.Head;
        string pusher = change is null ? head.Author : "merge-queue";
        var top = Commit(line.Repository, head.Sha, head.Message, head.Author, head.At, distinct: true, byGitHub: change is not null);
        // A merge brings the commits of its branch, which were pushed there before.
        var commits = change is not null && head.Merged is { } merged
            ? new JsonArray(Commit(line.Repository, merged, CommitMessages.OfBranch(change), change.Plan.Author, change.Pull.CreatedAt, distinct: false, byGitHub: false), top)
            : new JsonArray(top);
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
            ["repository"] = GitHubAccountJson.PushedRepository(_address, line.Repository, head.At),
            ["pusher"] = new JsonObject { ["name"] = pusher, ["email"] = GitHubAccountJson.Email(pusher) },
            ["sender"] = GitHubAccountJson.User(_address, pusher),
        });
    }

    private JsonObject Commit(string repository, string sha, string message, string author, DateTimeOffset at, bool distinct, bool byGitHub) => new()
    {
        ["id"] = sha,
        ["tree_id"] = WorldDice.Sha("tree/" + sha),
        ["distinct"] = distinct,
        ["message"] = message,
        ["timestamp"] = GitHubJson.Time(at),
        ["url"] = $"{_address}{repository}/commit/{sha}",
        ["author"] = Person(author, author),
        ["committer"] = byGitHub ? Person("GitHub", "web-flow") : Person(author, author),
        ["added"] = new JsonArray(),
        ["removed"] = new JsonArray(),
        ["modified"] = new JsonArray("src/main.txt"),
    };

    private static JsonObject Person(string name, string login) => new() { ["name"] = name, ["email"] = GitHubAccountJson.Email(login), ["username"] = login };

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
