using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.LoadRig.Webhook;

/// <summary>What all of GitHub's deliveries consist of: most of each is addresses that nobody reads.</summary>
internal static class PayloadParts
{
    public const string Api = "https://api.github.com/";
    public const string Page = "https://github.com/acme/web";

    private static readonly string[] UserAddresses =
        ["followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events", "received_events"];

    private static readonly string[] RepositoryAddresses =
    [
        "archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits", "compare", "contents", "contributors", "deployments", "downloads",
        "events", "forks", "git_commits", "git_refs", "git_tags", "hooks", "issue_comment", "issue_events", "issues", "keys", "labels", "languages", "merges",
        "milestones", "notifications", "pulls", "releases", "stargazers", "statuses", "subscribers", "subscription", "tags", "teams", "trees",
    ];

    /// <summary>A delivery of the repository, told by a person.</summary>
    /// <param name="write">Writes what it is about.</param>
    public static byte[] Delivery(string? action, Action<Utf8JsonWriter> write, DateTimeOffset? pushedAt = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (action is not null) json.WriteString("action", action);
            write(json);
            json.WriteStartObject("repository");
            WriteRepository(json, pushedAt);
            json.WriteEndObject();
            WriteOrganization(json);
            WriteUser(json, "sender", "ann");
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteOrganization(Utf8JsonWriter json)
    {
        json.WriteStartObject("organization");
        json.WriteString("login", "acme");
        WriteIds(json, 3, Api + "orgs/acme", null);
        foreach (string address in new[] { "repos", "events", "hooks", "issues", "members", "public_members", "avatar" }) json.WriteString(address + "_url", $"{Api}orgs/acme/{address}");
        json.WriteString("description", "Sells things");
        json.WriteEndObject();
    }

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static void WriteRepository(Utf8JsonWriter json, DateTimeOffset? pushedAt = null)
    {
        WriteIds(json, 99, Api + "repos/acme/web", Page);
        json.WriteString("name", "web");
        json.WriteString("full_name", "acme/web");
        json.WriteBoolean("private", true);
        WriteUser(json, "owner", "acme");
        json.WriteString("description", "The shop's front end");
        foreach (string address in RepositoryAddresses) json.WriteString(address + "_url", $"{Api}repos/acme/web/{address}{{/id}}");
        foreach (string clone in new[] { "git", "ssh", "clone", "svn", "mirror", "homepage" }) json.WriteString(clone + "_url", $"{clone}://github.com/acme/web");
        foreach (string count in new[] { "size", "stargazers_count", "watchers_count", "forks_count", "open_issues_count", "forks", "open_issues", "watchers" }) json.WriteNumber(count, 12);
        foreach (string instant in new[] { "created_at", "updated_at" }) json.WriteString(instant, "2024-02-01T10:00:00Z");
        json.WriteString("language", "TypeScript");
        json.WriteNull("license");
        json.WriteString("visibility", "private");
        foreach (string feature in new[] { "issues", "projects", "downloads", "wiki", "pages", "discussions" }) json.WriteBoolean("has_" + feature, true);
        json.WriteString("default_branch", "main");
        if (pushedAt is { } at) json.WriteString("pushed_at", Instant(at));
    }

    public static void WriteUser(Utf8JsonWriter json, string? name, string login)
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

    public static void WriteIds(Utf8JsonWriter json, int id, string address, string? page)
    {
        json.WriteNumber("id", id);
        json.WriteString("node_id", "MDExOlB1bGxSZXF1ZXN0NDI0Mg==");
        json.WriteString("url", address);
        if (page is not null) json.WriteString("html_url", page);
    }
}
