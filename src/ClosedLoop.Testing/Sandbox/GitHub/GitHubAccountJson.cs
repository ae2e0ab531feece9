using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>Users, organizations and repositories as GitHub puts them into every event, with the addresses of all that belongs to them.</summary>
internal static class GitHubAccountJson
{
    private static readonly DateTimeOffset CreatedAt = new(2024, 3, 5, 9, 14, 27, TimeSpan.Zero);

    // What GitHub puts behind the address of a user.
    private static readonly (string Name, string Path)[] UserPaths =
    [
        ("followers_url", "/followers"), ("following_url", "/following{/other_user}"), ("gists_url", "/gists{/gist_id}"), ("starred_url", "/starred{/owner}{/repo}"),
        ("subscriptions_url", "/subscriptions"), ("organizations_url", "/orgs"), ("repos_url", "/repos"), ("events_url", "/events{/privacy}"), ("received_events_url", "/received_events"),
    ];

    private static readonly (string Name, string Path)[] RepositoryPaths =
    [
        ("archive_url", "/{archive_format}{/ref}"), ("assignees_url", "/assignees{/user}"), ("blobs_url", "/git/blobs{/sha}"), ("branches_url", "/branches{/branch}"),
        ("collaborators_url", "/collaborators{/collaborator}"), ("comments_url", "/comments{/number}"), ("commits_url", "/commits{/sha}"), ("compare_url", "/compare/{base}...{head}"),
        ("contents_url", "/contents/{+path}"), ("contributors_url", "/contributors"), ("deployments_url", "/deployments"), ("downloads_url", "/downloads"), ("events_url", "/events"),
        ("forks_url", "/forks"), ("git_commits_url", "/git/commits{/sha}"), ("git_refs_url", "/git/refs{/sha}"), ("git_tags_url", "/git/tags{/sha}"), ("hooks_url", "/hooks"),
        ("issue_comment_url", "/issues/comments{/number}"), ("issue_events_url", "/issues/events{/number}"), ("issues_url", "/issues{/number}"), ("keys_url", "/keys{/key_id}"),
        ("labels_url", "/labels{/name}"), ("languages_url", "/languages"), ("merges_url", "/merges"), ("milestones_url", "/milestones{/number}"),
        ("notifications_url", "/notifications{?since,all,participating}"), ("pulls_url", "/pulls{/number}"), ("releases_url", "/releases{/id}"), ("stargazers_url", "/stargazers"),
        ("statuses_url", "/statuses/{sha}"), ("subscribers_url", "/subscribers"), ("subscription_url", "/subscription"), ("tags_url", "/tags"), ("teams_url", "/teams"), ("trees_url", "/git/trees{/sha}"),
    ];

    /// <summary>A user, or what acts as one.</summary>
    public static JsonObject User(Uri address, string login) => Account(address, login, "User");

    public static JsonObject Repository(Uri address, string fullName)
    {
        string[] parts = fullName.Split('/');
        string api = $"{address}repos/{fullName}", page = $"{address}{fullName}";
        long id = Id(fullName);
        var json = new JsonObject
        {
            ["id"] = id,
            ["node_id"] = NodeId("R", id),
            ["name"] = parts[1],
            ["full_name"] = fullName,
            ["private"] = true,
            ["owner"] = Account(address, parts[0], "Organization"),
            ["html_url"] = page,
            ["description"] = null,
            ["fork"] = false,
            ["url"] = api,
        };
        foreach (var (name, path) in RepositoryPaths) json[name] = api + path;
        foreach (string name in (ReadOnlySpan<string>)["created_at", "updated_at", "pushed_at"]) json[name] = GitHubJson.Time(CreatedAt);
        json["git_url"] = $"git://{address.Authority}/{fullName}.git";
        json["ssh_url"] = $"git@{address.Host}:{fullName}.git";
        json["clone_url"] = page + ".git";
        json["svn_url"] = page;
        foreach (string name in (ReadOnlySpan<string>)["homepage", "language", "mirror_url", "license"]) json[name] = null;
        foreach (string name in (ReadOnlySpan<string>)["size", "stargazers_count", "watchers_count", "forks_count", "open_issues_count", "forks", "open_issues", "watchers"]) json[name] = 0;
        foreach (string name in (ReadOnlySpan<string>)["has_issues", "has_projects", "has_downloads", "allow_forking"]) json[name] = true;
        foreach (string name in (ReadOnlySpan<string>)["has_wiki", "has_pages", "has_discussions", "archived", "disabled", "is_template", "web_commit_signoff_required"]) json[name] = false;
        json["topics"] = new JsonArray();
        json["visibility"] = "private";
        json["default_branch"] = "main";
        return json;
    }

    /// <summary>A repository as pushes have it, and only they: times of what was pushed are numbers, and its owner has a name.</summary>
    public static JsonObject PushedRepository(Uri address, string fullName, DateTimeOffset pushedAt)
    {
        var json = Repository(address, fullName);
        json["url"] = $"{address}{fullName}";
        json["owner"]!["name"] = fullName.Split('/')[0];
        json["created_at"] = CreatedAt.ToUnixTimeSeconds();
        json["pushed_at"] = pushedAt.ToUnixTimeSeconds();
        json["stargazers"] = 0;
        json["master_branch"] = "main";
        json["organization"] = fullName.Split('/')[0];
        return json;
    }

    public static string Email(string login) => $"{login}@users.noreply.github.example";

    private static JsonObject Account(Uri address, string login, string type)
    {
        string api = $"{address}users/{login}";
        long id = Id(login);
        var json = new JsonObject
        {
            ["login"] = login,
            ["id"] = id,
            ["node_id"] = NodeId(type[..1], id),
            ["avatar_url"] = $"{address}avatars/{login}",
            ["gravatar_id"] = "",
            ["url"] = api,
            ["html_url"] = $"{address}{login}",
        };
        foreach (var (name, path) in UserPaths) json[name] = api + path;
        json["type"] = type;
        json["user_view_type"] = "public";
        json["site_admin"] = false;
        return json;
    }

    private static string NodeId(string kind, long id) => $"{kind}_{Convert.ToBase64String(BitConverter.GetBytes(id)).TrimEnd('=')}";

    private static long Id(string name) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))) >> 4;
}
