using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Testing.Sandbox.GitLab;

/// <summary>The parts of GitLab's REST API that tell of merge requests and branches. Nothing runs in its own CI: pipelines and deployments are none.</summary>
internal sealed class GitLabApi(WorldState world) : ISandboxApi
{
    private const int PerMinute = 2_000;

    private int _used;

    private Uri Address => world.SourceHost.Address;

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.Date = world.Now.ToString("R", CultureInfo.InvariantCulture);
        // As it was sent: a project's path is one segment, with its slashes escaped.
        string[] path = [.. context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        if (path is [var group, var name, "-", "merge_requests", var number] && Read($"{group}/{name}", r => Find(r, number) is { } pull ? GitLabObjects.MergeRequest(Address, r, pull) : null) is JsonObject page)
        {
            await ApiReply.PageAsync(context, page).ConfigureAwait(false);
            return;
        }
        if (!ApiToken.IsHeader(context, "PRIVATE-TOKEN", world.Secrets.GitLabToken) && !ApiToken.IsBearer(context, world.Secrets.GitLabToken))
        {
            await MessageAsync(context, StatusCodes.Status401Unauthorized, "401 Unauthorized").ConfigureAwait(false);
            return;
        }
        LimitHeaders(context);
        var answer = HttpMethods.IsGet(context.Request.Method) && path is ["api", "v4", "projects", var project, ..] ? Read(project, repository => Answer(context, repository, path[4..])) : null;
        if (answer is null) await MessageAsync(context, StatusCodes.Status404NotFound, "404 Not Found").ConfigureAwait(false);
        else await ApiReply.JsonAsync(context, answer, contentType: "application/json").ConfigureAwait(false);
    }

    private JsonNode? Answer(HttpContext context, SourceHostState.Repository repository, string[] path) => path switch
    {
        [] => GitLabObjects.Project(Address, repository),
        ["merge_requests"] => Page(context, Changed(context, repository), pull => GitLabObjects.MergeRequest(Address, repository, pull)),
        ["merge_requests", var number] => Find(repository, number) is { } pull ? GitLabObjects.MergeRequest(Address, repository, pull) : null,
        ["merge_requests", var number, "approvals"] => Find(repository, number) is { } pull ? GitLabObjects.Approvals(pull) : null,
        ["merge_requests", var number, "reviewers"] => Find(repository, number) is { } pull ? GitLabObjects.Reviewers(pull) : null,
        ["repository", "branches", "main"] => GitLabObjects.Branch(Address, repository),
        ["repository", "commits"] => Commits(context, repository),
        ["pipelines"] or ["deployments"] => new JsonArray(),
        _ => null,
    };

    private JsonArray? Commits(HttpContext context, SourceHostState.Repository repository)
    {
        string reference = context.Request.Query["ref_name"].ToString();
        var from = reference is "" or "main" ? repository.Line.Head : repository.Line.TryFind(reference, out var found) ? found : null;
        return from is null ? null : Page(context, SourceHistory.Of(from, context.Request.Query["first_parent"] == "true"), commit => GitLabObjects.Commit(Address, repository.Name, commit));
    }

    private static List<PullRequest> Changed(HttpContext context, SourceHostState.Repository repository)
    {
        var query = context.Request.Query;
        var after = DateTimeOffset.TryParse(query["updated_after"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since : DateTimeOffset.MinValue;
        string state = query["state"].ToString() is { Length: > 0 } asked ? asked : "all";
        bool byUpdate = query["order_by"] == "updated_at", ascending = query["sort"] == "asc";
        return [.. repository.Pulls.Values.Where(p => p.UpdatedAt >= after && (state == "all" || GitLabJson.State(p) == state))
            .OrderBy(p => (ascending ? 1 : -1) * (byUpdate ? p.UpdatedAt : p.CreatedAt).UtcTicks).ThenBy(static p => -p.Number)];
    }

    private JsonArray Page<T>(HttpContext context, IEnumerable<T> all, Func<T, JsonNode> json)
    {
        var (page, next) = ApiPages.Cut(context, Address, all, "per_page", 20, 100);
        context.Response.Headers["X-Next-Page"] = next?.ToString(CultureInfo.InvariantCulture) ?? "";
        return new JsonArray([.. page.Select(json)]);
    }

    private JsonNode? Read(string project, Func<SourceHostState.Repository, JsonNode?> read)
    {
        lock (world.Lock) return world.SourceHost.TryFind(project, out var repository) ? read(repository) : null;
    }

    private static PullRequest? Find(SourceHostState.Repository repository, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? repository.Pulls.GetValueOrDefault(n) : null;

    private void LimitHeaders(HttpContext context)
    {
        // The limit is shown, never enforced: at most half of it is used.
        int used = Math.Min(Interlocked.Increment(ref _used), PerMinute / 2);
        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = PerMinute.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Observed"] = used.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = (PerMinute - used).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = (((world.Now.ToUnixTimeSeconds() / 60) + 1) * 60).ToString(CultureInfo.InvariantCulture);
    }

    private static Task MessageAsync(HttpContext context, int status, string message) => ApiReply.JsonAsync(context, new JsonObject { ["message"] = message }, status, "application/json");
}
