using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Gitea;

/// <summary>Gitea's webhooks: signed over the raw bytes, with copies of its headers under the names of Gogs and GitHub, and sent once.</summary>
internal sealed class GiteaEvents(WorldState world)
{
    private readonly WorldDice _ids = new(world.Options.Seed, "gitea-deliveries");
    private readonly Uri _address = world.Addresses.GitHub;

    public void PullRequest(string action, PullRequest pull, string by, JsonObject? changes = null)
    {
        var payload = Payload(action, pull, by);
        if (changes is not null) payload["changes"] = changes;
        Send("pull_request", "pull_request", payload);
    }

    /// <summary>A review's event tells neither its id nor its commit.</summary>
    public void Review(PullRequest pull, PullRequestReview review)
    {
        string name = review.IsApproval ? "approved" : "rejected";
        var payload = Payload("reviewed", pull, review.Reviewer);
        payload["review"] = new JsonObject { ["type"] = $"pull_request_review_{name}", ["content"] = "" };
        Send($"pull_request_{name}", $"pull_request_review_{name}", payload);
    }

    public void Push(WorldLine line, WorldCommit before, string by)
    {
        var head = line.Head;
        var commits = SourceHistory.Pushed(before, head).ToList();
        Send("push", "push", new JsonObject
        {
            ["ref"] = "refs/heads/main",
            ["before"] = before.Sha,
            ["after"] = head.Sha,
            ["compare_url"] = $"{_address}{line.Repository}/compare/{before.Sha}...{head.Sha}",
            ["commits"] = new JsonArray([.. commits.Select(c => (JsonNode?)Commit(c, line.Repository))]),
            ["total_commits"] = commits.Count,
            ["head_commit"] = Commit(SourceHistory.OfLine(head), line.Repository),
            ["repository"] = GiteaJson.Repository(_address, Find(line.Repository)),
            ["pusher"] = GiteaJson.User(by),
            ["sender"] = GiteaJson.User(by),
        });
    }

    /// <summary>A commit as pushes and branches show it, which is not how the list of commits does.</summary>
    public static JsonObject Commit(SourceCommit commit) => new()
    {
        ["id"] = commit.Sha,
        ["message"] = commit.Message,
        ["author"] = new JsonObject { ["name"] = commit.Author, ["email"] = GiteaJson.Email(commit.Author), ["username"] = commit.Author },
        ["committer"] = new JsonObject { ["name"] = commit.Author, ["email"] = GiteaJson.Email(commit.Author), ["username"] = commit.Author },
        ["verification"] = null,
        ["timestamp"] = GiteaJson.Time(commit.At),
        ["added"] = null,
        ["removed"] = null,
        ["modified"] = null,
    };

    private JsonObject Commit(SourceCommit commit, string repository)
    {
        var json = Commit(commit);
        json["url"] = $"{_address}{repository}/commit/{commit.Sha}";
        (json["added"], json["removed"], json["modified"]) = (new JsonArray(), new JsonArray(), new JsonArray("src/app.cs"));
        return json;
    }

    private JsonObject Payload(string action, PullRequest pull, string by)
    {
        var repository = Find(pull.Repository);
        return new JsonObject
        {
            ["action"] = action,
            ["number"] = pull.Number,
            ["pull_request"] = GiteaJson.Pull(_address, repository, pull),
            ["requested_reviewer"] = null,
            ["repository"] = GiteaJson.Repository(_address, repository),
            ["sender"] = GiteaJson.User(by),
            ["commit_id"] = "",
            ["review"] = null,
        };
    }

    private SourceHostState.Repository Find(string name) => world.SourceHost.TryFind(name, out var repository) ? repository : throw new InvalidOperationException($"There is no repository {name}.");

    private void Send(string name, string type, JsonObject payload)
    {
        byte[] body = WebhookSignature.Bytes(payload);
        string id = _ids.Id().ToString(), signature = WebhookSignature.Sha256(world.Secrets.GiteaWebhookSecret, body), digits = signature["sha256=".Length..];
        var headers = new List<(string, string)> { ("X-Hub-Signature-256", signature), ("User-Agent", "Go-http-client/1.1") };
        foreach (string system in (ReadOnlySpan<string>)["Gitea", "Gogs", "GitHub"]) headers.AddRange([($"X-{system}-Delivery", id), ($"X-{system}-Event", name), ($"X-{system}-Event-Type", type)]);
        foreach (string system in (ReadOnlySpan<string>)["Gitea", "Gogs"]) headers.Add(($"X-{system}-Signature", digits));
        world.Outbox.Post(new WebhookMessage { Target = WebhookTarget.Gitea, Event = type, Body = body, ContentType = "application/json", Headers = headers });
    }
}
