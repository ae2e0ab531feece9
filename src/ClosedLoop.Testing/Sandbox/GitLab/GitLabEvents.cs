using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitLab;

/// <summary>GitLab's webhooks: with the secret token in the clear and the signature of Standard Webhooks, and sent once.</summary>
internal sealed class GitLabEvents(WorldState world)
{
    private const int MaxCommits = 20;

    private readonly WorldDice _ids = new(world.Options.Seed, "gitlab-deliveries");
    private readonly Uri _address = world.Addresses.GitHub;
    private readonly byte[] _key = Convert.FromBase64String(world.Secrets.GitLabSigningToken["whsec_".Length..]);

    /// <param name="action">What happened to it.</param>
    /// <param name="pull">The merge request.</param>
    /// <param name="by">Who did it.</param>
    /// <param name="changes">What is not as it was before.</param>
    public void MergeRequest(string action, PullRequest pull, string by, JsonObject changes)
    {
        var repository = Find(pull.Repository);
        changes["updated_at"] = GitLabJson.Change(GitLabJson.HookTime(pull.CreatedAt), GitLabJson.HookTime(pull.UpdatedAt));
        Send("Merge Request Hook", new JsonObject
        {
            ["object_kind"] = "merge_request",
            ["event_type"] = "merge_request",
            ["user"] = User(by),
            ["project"] = Project(repository),
            ["object_attributes"] = Attributes(action, pull, repository),
            ["labels"] = new JsonArray(),
            ["changes"] = changes,
            ["repository"] = new JsonObject { ["name"] = repository.Name.Split('/')[1], ["homepage"] = $"{_address}{repository.Name}" },
            ["reviewers"] = GitLabJson.Reviewers(pull),
        });
    }

    public void Push(WorldLine line, WorldCommit before, string by)
    {
        var repository = Find(line.Repository);
        var commits = SourceHistory.Pushed(before, line.Head).ToList();
        Send("Push Hook", new JsonObject
        {
            ["object_kind"] = "push",
            ["event_name"] = "push",
            ["before"] = before.Sha,
            ["after"] = line.Head.Sha,
            ["ref"] = "refs/heads/main",
            ["ref_protected"] = true,
            ["checkout_sha"] = line.Head.Sha,
            ["message"] = null,
            ["user_id"] = GitLabJson.UserId(by),
            ["user_username"] = by,
            ["project_id"] = repository.Id,
            ["project"] = Project(repository),
            // The newest of them, oldest first.
            ["commits"] = new JsonArray([.. commits.Take(MaxCommits).Reverse().Select(c => (JsonNode?)Commit(line.Repository, c))]),
            ["total_commits_count"] = commits.Count,
            ["push_options"] = new JsonObject(),
        });
    }

    // It names the merge commit where there is one, and never the squash.
    private JsonObject Attributes(string action, PullRequest pull, SourceHostState.Repository repository) => new()
    {
        ["id"] = pull.Id,
        ["iid"] = pull.Number,
        ["author_id"] = GitLabJson.UserId(pull.Author),
        ["created_at"] = GitLabJson.HookTime(pull.CreatedAt),
        ["updated_at"] = GitLabJson.HookTime(pull.UpdatedAt),
        ["title"] = GitLabJson.Title(pull),
        ["description"] = pull.Body,
        ["draft"] = pull.IsDraft,
        ["work_in_progress"] = pull.IsDraft,
        ["source_branch"] = pull.Branch,
        ["source_project_id"] = repository.Id,
        ["target_branch"] = "main",
        ["target_project_id"] = repository.Id,
        ["state"] = GitLabJson.State(pull),
        ["merge_commit_sha"] = GitLabJson.Landing(pull, repository.Line).Merge,
        ["detailed_merge_status"] = pull.IsOpen ? "checking" : "not_open",
        ["url"] = GitLabJson.Url(_address, pull),
        ["last_commit"] = new JsonObject
        {
            ["id"] = pull.HeadSha,
            ["message"] = pull.Title,
            ["title"] = pull.Title,
            ["timestamp"] = GitLabJson.CommitTime(pull.CreatedAt),
            ["url"] = GitLabJson.CommitUrl(_address, pull.Repository, pull.HeadSha),
            ["author"] = new JsonObject { ["name"] = pull.Author, ["email"] = "[REDACTED]" },
        },
        ["assignee_ids"] = new JsonArray(),
        ["reviewer_ids"] = pull.Reviewer is { } reviewer ? new JsonArray(GitLabJson.UserId(reviewer)) : new JsonArray(),
        ["labels"] = new JsonArray(),
        ["action"] = action,
    };

    private JsonObject Commit(string repository, SourceCommit commit) => new()
    {
        ["id"] = commit.Sha,
        ["message"] = commit.Message,
        ["title"] = commit.Title,
        ["timestamp"] = GitLabJson.CommitTime(commit.At),
        ["url"] = GitLabJson.CommitUrl(_address, repository, commit.Sha),
        ["author"] = new JsonObject { ["name"] = commit.Author, ["email"] = "[REDACTED]" },
        ["added"] = new JsonArray(),
        ["modified"] = new JsonArray("src/app.cs"),
        ["removed"] = new JsonArray(),
    };

    private JsonObject Project(SourceHostState.Repository repository) => new()
    {
        ["id"] = repository.Id,
        ["name"] = repository.Name.Split('/')[1],
        ["web_url"] = $"{_address}{repository.Name}",
        ["git_http_url"] = $"{_address}{repository.Name}.git",
        ["namespace"] = repository.Name.Split('/')[0],
        ["visibility_level"] = 0,
        ["path_with_namespace"] = repository.Name,
        ["default_branch"] = "main",
    };

    private static JsonObject User(string name) => new() { ["id"] = GitLabJson.UserId(name), ["name"] = name, ["username"] = name, ["avatar_url"] = null, ["email"] = "[REDACTED]" };

    private SourceHostState.Repository Find(string name) => world.SourceHost.TryFind(name, out var repository) ? repository : throw new InvalidOperationException($"There is no repository {name}.");

    private void Send(string name, JsonObject payload)
    {
        byte[] body = WebhookSignature.Bytes(payload);
        string id = _ids.Id().ToString(), timestamp = world.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signature = HMACSHA256.HashData(_key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]);
        world.Outbox.Post(new WebhookMessage
        {
            Target = WebhookTarget.GitLab,
            Event = name,
            Body = body,
            ContentType = "application/json",
            Headers =
            [
                ("X-Gitlab-Event", name),
                ("X-Gitlab-Token", world.Secrets.GitLabWebhookToken),
                ("X-Gitlab-Instance", _address.GetLeftPart(UriPartial.Authority)),
                ("X-Gitlab-Webhook-UUID", "6f1b4c1e-0c55-4a6a-9d7e-2f8f0d5a1b3c"),
                ("X-Gitlab-Event-UUID", _ids.Id().ToString()),
                ("Idempotency-Key", id),
                ("webhook-id", id),
                ("webhook-timestamp", timestamp),
                ("webhook-signature", "v1," + Convert.ToBase64String(signature)),
                ("User-Agent", "GitLab/18.2.0"),
            ],
        });
    }
}
