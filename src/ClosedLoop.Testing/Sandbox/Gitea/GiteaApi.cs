using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Gitea;

/// <summary>The parts of Gitea's REST API that tell of pull requests and branches. Nobody reports statuses to it, and it runs no workflows.</summary>
internal sealed class GiteaApi(WorldState world) : ISandboxApi
{
    private Uri Address => world.SourceHost.Address;

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.Date = world.Now.ToString("R", CultureInfo.InvariantCulture);
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is [var group, var repository, "pulls", var number] && Read($"{group}/{repository}", r => (true, Find(r, number) is { } pull ? GiteaJson.Pull(Address, r, pull) : null)).Answer is JsonObject page)
        {
            await ApiReply.PageAsync(context, page).ConfigureAwait(false);
            return;
        }
        if (!ApiToken.IsBearer(context, world.Secrets.GiteaToken))
        {
            await MessageAsync(context, StatusCodes.Status401Unauthorized, "invalid username, password or token").ConfigureAwait(false);
            return;
        }
        var (isFound, answer) = HttpMethods.IsGet(context.Request.Method) && path is ["api", "v1", "repos", var owner, var name, ..] ? Read($"{owner}/{name}", r => Answer(context, r, path[5..])) : default;
        if (!isFound) await MessageAsync(context, StatusCodes.Status404NotFound, "The target couldn't be found.").ConfigureAwait(false);
        else if (answer is null) await ApiReply.BytesAsync(context, "null"u8.ToArray(), "application/json;charset=utf-8").ConfigureAwait(false);
        else await ApiReply.JsonAsync(context, answer, contentType: "application/json;charset=utf-8").ConfigureAwait(false);
    }

    private (bool IsFound, JsonNode? Answer) Answer(HttpContext context, SourceHostState.Repository repository, string[] path)
    {
        // Of a commit that has no status most versions say just that: null.
        if (path is ["commits", var sha, "status"]) return (SourceHostState.HasCommit(repository, sha), null);
        JsonNode? answer = path switch
        {
            [] => GiteaJson.Repository(Address, repository),
            ["pulls"] => Page(context, Pulls(context, repository), pull => GiteaJson.Pull(Address, repository, pull)),
            ["pulls", var number] => Find(repository, number) is { } pull ? GiteaJson.Pull(Address, repository, pull) : null,
            ["pulls", var number, "reviews"] => Find(repository, number) is { } pull ? Page(context, pull.Reviews, review => GiteaJson.Review(Address, pull, review)) : null,
            ["branches", "main"] => Branch(repository),
            ["commits"] => Commits(context, repository),
            ["actions", "runs"] => new JsonObject { ["workflow_runs"] = new JsonArray(), ["total_count"] = 0 },
            _ => null,
        };
        return (answer is not null, answer);
    }

    private static List<PullRequest> Pulls(HttpContext context, SourceHostState.Repository repository)
    {
        string state = context.Request.Query["state"].ToString() is { Length: > 0 } asked ? asked : "open";
        bool byUpdate = context.Request.Query["sort"] == "recentupdate";
        return [.. repository.Pulls.Values.Where(p => state == "all" || p.IsOpen == (state == "open")).OrderByDescending(p => byUpdate ? p.UpdatedAt : p.CreatedAt).ThenByDescending(static p => p.Number)];
    }

    private JsonArray? Commits(HttpContext context, SourceHostState.Repository repository)
    {
        string reference = context.Request.Query["sha"].ToString();
        var from = reference is "" or "main" ? repository.Line.Head : repository.Line.TryFind(reference, out var found) ? found : null;
        return from is null ? null : Page(context, SourceHistory.Of(from), commit => GiteaJson.Commit(Address, repository.Name, commit));
    }

    private static JsonObject Branch(SourceHostState.Repository repository) => new()
    {
        ["name"] = "main",
        ["commit"] = GiteaEvents.Commit(SourceHistory.OfLine(repository.Line.Head)),
        ["protected"] = true,
    };

    private JsonArray Page<T>(HttpContext context, IEnumerable<T> all, Func<T, JsonNode> json)
    {
        if (all.TryGetNonEnumeratedCount(out int count)) context.Response.Headers["X-Total-Count"] = count.ToString(CultureInfo.InvariantCulture);
        return new JsonArray([.. ApiPages.Cut(context, Address, all, "limit", 30, 50).Page.Select(json)]);
    }

    private (bool IsFound, JsonNode? Answer) Read(string name, Func<SourceHostState.Repository, (bool IsFound, JsonNode? Answer)> read)
    {
        lock (world.Lock) return world.SourceHost.TryFind(name, out var repository) ? read(repository) : default;
    }

    private static PullRequest? Find(SourceHostState.Repository repository, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? repository.Pulls.GetValueOrDefault(n) : null;

    private static Task MessageAsync(HttpContext context, int status, string message) => ApiReply.JsonAsync(context, new JsonObject { ["message"] = message }, status);
}
