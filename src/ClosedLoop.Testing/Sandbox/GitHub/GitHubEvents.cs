using System.Text.Json.Nodes;
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

    public void Push(PullRequest pull, string before, bool squashed)
    {
        var commit = new JsonObject
        {
            ["id"] = pull.MergeSha,
            ["distinct"] = true,
            ["message"] = squashed ? $"{pull.Title} (#{pull.Number})\n\n{pull.Body}" : $"Merge pull request #{pull.Number} from {pull.Repository.Split('/')[0]}/{pull.Branch}\n\n{pull.Title}",
            ["timestamp"] = GitHubJson.Time(pull.MergedAt),
            ["url"] = $"{_address}{pull.Repository}/commit/{pull.MergeSha}",
            ["author"] = new JsonObject { ["name"] = pull.Author, ["username"] = pull.Author },
            ["committer"] = new JsonObject { ["name"] = "GitHub", ["username"] = "web-flow" },
        };
        var repository = GitHubJson.Repository(_address, pull.Repository);
        // In pushes, and only there, this is a number.
        repository["pushed_at"] = pull.MergedAt!.Value.ToUnixTimeSeconds();
        Send("push", new JsonObject
        {
            ["ref"] = "refs/heads/main",
            ["before"] = before,
            ["after"] = pull.MergeSha,
            ["created"] = false,
            ["deleted"] = false,
            ["forced"] = false,
            ["base_ref"] = null,
            ["commits"] = new JsonArray(commit),
            ["head_commit"] = commit.DeepClone(),
            ["compare"] = $"{_address}{pull.Repository}/compare/{before[..12]}...{pull.MergeSha![..12]}",
            ["repository"] = repository,
            ["sender"] = GitHubJson.User("merge-queue"),
        });
    }

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
