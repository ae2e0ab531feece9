using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.Json;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>The parts of GitHub's REST and GraphQL API that tell of pull requests.</summary>
internal sealed class GitHubApi(WorldState world) : ISandboxApi
{
    private const int HourlyLimit = 15_000;

    private int _used;

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.Date = world.Now.ToString("R", CultureInfo.InvariantCulture);
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is [var owner, var name, "pull", var number] && FindPage($"{owner}/{name}", number) is { } page)
        {
            await ApiReply.PageAsync(context, page).ConfigureAwait(false);
            return;
        }
        if (!ApiToken.IsBearer(context, world.Secrets.GitHubToken))
        {
            await MessageAsync(context, StatusCodes.Status401Unauthorized, "Bad credentials").ConfigureAwait(false);
            return;
        }
        if (HttpMethods.IsPost(context.Request.Method) && path is ["graphql"]) await GraphQlAsync(context).ConfigureAwait(false);
        else if (!HttpMethods.IsGet(context.Request.Method)) await MessageAsync(context, StatusCodes.Status404NotFound, "Not Found").ConfigureAwait(false);
        else await RestAsync(context, path).ConfigureAwait(false);
    }

    private async Task RestAsync(HttpContext context, string[] path)
    {
        JsonNode? answer;
        lock (world.Lock)
        {
            answer = path switch
            {
                ["repos", var owner, var name, ..] when world.SourceHost.TryFind($"{owner}/{name}", out var repository) => path[3..] switch
                {
                    [] => GitHubAccountJson.Repository(world.SourceHost.Address, repository.Name),
                    ["pulls"] => List(context, repository),
                    ["pulls", var number] => Find(repository, number) is { } pull ? GitHubJson.Pull(world.SourceHost.Address, pull, inList: false) : null,
                    ["pulls", var number, "reviews"] => Find(repository, number) is { } pull ? Reviews(pull) : null,
                    ["commits", var sha, "check-runs"] when SourceHostState.HasCommit(repository, sha) => new JsonObject { ["total_count"] = 0, ["check_runs"] = new JsonArray() },
                    _ => null,
                },
                _ => null,
            };
        }
        if (answer is null)
        {
            await MessageAsync(context, StatusCodes.Status404NotFound, "Not Found").ConfigureAwait(false);
            return;
        }
        byte[] body = WebhookSignature.Bytes(answer);
        bool unchanged = ApiReply.IsUnchanged(context, $"W/\"{Convert.ToHexStringLower(SHA256.HashData(body))}\"");
        // An answer of "not modified" is free.
        LimitHeaders(context, unchanged ? 0 : 1, "core");
        if (!unchanged) await ApiReply.BytesAsync(context, body, "application/json; charset=utf-8").ConfigureAwait(false);
    }

    private JsonArray List(HttpContext context, SourceHostState.Repository repository)
    {
        string state = context.Request.Query["state"].ToString() is { Length: > 0 } asked ? asked : "open";
        bool byUpdate = context.Request.Query["sort"] == "updated";
        bool ascending = context.Request.Query["direction"] == "asc";
        var pulls = repository.Pulls.Values.Where(p => state == "all" || p.IsOpen == (state == "open"))
            .OrderBy(p => (ascending ? 1 : -1) * (byUpdate ? p.UpdatedAt : p.CreatedAt).UtcTicks).ThenBy(static p => -p.Number).ToList();
        return new JsonArray([.. ApiPages.Cut(context, world.SourceHost.Address, pulls, "per_page", 30, 100).Page.Select(p => GitHubJson.Pull(world.SourceHost.Address, p, inList: true))]);
    }

    private JsonObject? FindPage(string repository, string number)
    {
        lock (world.Lock) return world.SourceHost.TryFind(repository, out var found) && Find(found, number) is { } pull ? GitHubJson.Pull(world.SourceHost.Address, pull, inList: false) : null;
    }

    private JsonArray Reviews(PullRequest pull) => new([.. pull.Reviews.Select(r => GitHubJson.Review(world.SourceHost.Address, pull, r, inWebhook: false))]);

    private static PullRequest? Find(SourceHostState.Repository repository, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? repository.Pulls.GetValueOrDefault(n) : null;

    private async Task GraphQlAsync(HttpContext context)
    {
        string? query;
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted).ConfigureAwait(false);
            query = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("query", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        }
        catch (JsonException)
        {
            query = null;
        }
        if (query is null)
        {
            await MessageAsync(context, StatusCodes.Status400BadRequest, "Problems parsing JSON").ConfigureAwait(false);
            return;
        }
        LimitHeaders(context, 1, "graphql");
        JsonObject answer;
        lock (world.Lock) answer = GitHubGraphQl.Answer(world.SourceHost, query, HourlyLimit - _used, ResetAt);
        await ApiReply.JsonAsync(context, answer).ConfigureAwait(false);
    }

    private DateTimeOffset ResetAt => DateTimeOffset.FromUnixTimeSeconds(((world.Now.ToUnixTimeSeconds() / 3600) + 1) * 3600);

    private void LimitHeaders(HttpContext context, int cost, string resource)
    {
        // The limit is shown, never enforced: at most nothing is left.
        int used = Math.Min(Interlocked.Add(ref _used, cost), HourlyLimit);
        var headers = context.Response.Headers;
        headers["x-ratelimit-limit"] = HourlyLimit.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-used"] = used.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining"] = Math.Max(1, HourlyLimit - used).ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset"] = ResetAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-resource"] = resource;
    }

    private static Task MessageAsync(HttpContext context, int status, string message) => ApiReply.JsonAsync(context, new JsonObject { ["message"] = message }, status);
}
