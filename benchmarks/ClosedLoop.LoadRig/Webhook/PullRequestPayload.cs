using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.LoadRig.Webhook;

/// <summary>A <c>pull_request</c> delivery of the shape and size that GitHub sends: most of it is addresses that nobody reads.</summary>
internal static class PullRequestPayload
{
    private const string Api = "https://api.github.com/";
    private const string Sha = "9f2c0d3b6a5e4f1c8b7a9d0e1f2a3b4c5d6e7f80";
    private const string Description = "Makes the login page ask once.\n\n- keeps the session\n- adds a test\n\nWork-Item: ";

    private static readonly DateTimeOffset AnyDay = new(2026, 1, 5, 11, 30, 0, TimeSpan.Zero);

    private static readonly string[] UserAddresses =
        ["followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events", "received_events"];

    private static readonly string[] RepositoryAddresses =
    [
        "archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits", "compare", "contents", "contributors", "deployments", "downloads",
        "events", "forks", "git_commits", "git_refs", "git_tags", "hooks", "issue_comment", "issue_events", "issues", "keys", "labels", "languages", "merges",
        "milestones", "notifications", "pulls", "releases", "stargazers", "statuses", "subscribers", "subscription", "tags", "teams", "trees",
    ];

    public static byte[] Merged() => Merged(12, "BL-42", Sha, reviewers: 0, AnyDay);

    /// <summary>A pull request of its own; each reviewer adds about 1 KB.</summary>
    public static byte[] Merged(int number, string item, string sha, int reviewers, DateTimeOffset mergedAt)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("action", "closed");
            json.WriteNumber("number", number);
            json.WriteStartObject("pull_request");
            WritePull(json, number, item, sha, reviewers, mergedAt);
            json.WriteEndObject();
            json.WriteStartObject("repository");
            WriteRepository(json);
            json.WriteEndObject();
            WriteUser(json, "sender", "ann");
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WritePull(Utf8JsonWriter json, int number, string item, string sha, int reviewers, DateTimeOffset mergedAt)
    {
        WriteIds(json, 4230 + number, $"{Api}repos/acme/web/pulls/{number}", $"https://github.com/acme/web/pull/{number}");
        json.WriteNumber("number", number);
        json.WriteString("state", "closed");
        json.WriteBoolean("locked", false);
        json.WriteString("title", "Ask once for the password");
        WriteUser(json, "user", "ann");
        json.WriteString("body", $"{Description}{item}\n");
        json.WriteString("created_at", Instant(mergedAt.AddMinutes(-150)));
        json.WriteString("updated_at", Instant(mergedAt));
        json.WriteString("closed_at", Instant(mergedAt));
        json.WriteString("merged_at", Instant(mergedAt));
        json.WriteString("merge_commit_sha", sha);
        json.WriteStartArray("labels");
        foreach (string label in new[] { "bug", "login" })
        {
            json.WriteStartObject();
            WriteIds(json, 7, Api + "repos/acme/web/labels/" + label, null);
            json.WriteString("name", label);
            json.WriteString("color", "d73a4a");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (reviewers > 0)
        {
            json.WriteStartArray("requested_reviewers");
            for (int i = 0; i < reviewers; i++) WriteUser(json, null, $"reviewer{i}");
            json.WriteEndArray();
        }
        json.WriteBoolean("draft", false);
        WriteLine(json, "head", $"{item.ToLowerInvariant()}-login", sha);
        WriteLine(json, "base", "main", sha);
        json.WriteBoolean("merged", true);
        WriteUser(json, "merged_by", "bob");
        foreach (string count in new[] { "comments", "review_comments", "commits", "additions", "deletions", "changed_files" }) json.WriteNumber(count, 3);
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void WriteLine(Utf8JsonWriter json, string name, string branch, string sha)
    {
        json.WriteStartObject(name);
        json.WriteString("label", "acme:" + branch);
        json.WriteString("ref", branch);
        json.WriteString("sha", sha);
        WriteUser(json, "user", "acme");
        json.WriteStartObject("repo");
        WriteRepository(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRepository(Utf8JsonWriter json)
    {
        WriteIds(json, 99, Api + "repos/acme/web", "https://github.com/acme/web");
        json.WriteString("name", "web");
        json.WriteString("full_name", "acme/web");
        json.WriteBoolean("private", true);
        WriteUser(json, "owner", "acme");
        json.WriteString("description", "The shop's front end");
        foreach (string address in RepositoryAddresses) json.WriteString(address + "_url", $"{Api}repos/acme/web/{address}{{/id}}");
        foreach (string feature in new[] { "issues", "projects", "downloads", "wiki", "pages", "discussions" }) json.WriteBoolean("has_" + feature, true);
        json.WriteString("default_branch", "main");
    }

    private static void WriteUser(Utf8JsonWriter json, string? name, string login)
    {
        if (name is null) json.WriteStartObject();
        else json.WriteStartObject(name);
        json.WriteString("login", login);
        WriteIds(json, 1, Api + "users/" + login, "https://github.com/" + login);
        foreach (string address in UserAddresses) json.WriteString(address + "_url", $"{Api}users/{login}/{address}{{/other}}");
        json.WriteString("type", "User");
        json.WriteBoolean("site_admin", false);
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, int id, string address, string? page)
    {
        json.WriteNumber("id", id);
        json.WriteString("node_id", "MDExOlB1bGxSZXF1ZXN0NDI0Mg==");
        json.WriteString("url", address);
        if (page is not null) json.WriteString("html_url", page);
    }
}
