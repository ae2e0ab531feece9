using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Time;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>A registry with Harbor's ways: its token service, robot accounts, repositories several levels deep, a session cookie. Nothing but the distribution API is asked.</summary>
public sealed class HarborTests : IAsyncLifetime
{
    private const string Robot = "robot$acme+closedloop", Secret = "canary-robot-5d1e", Nested = "acme/team/web-front/api";

    private readonly ManualTimeProvider _time = new(Given.Now);
    private readonly ConcurrentQueue<string> _scopes = [];
    private readonly ConcurrentQueue<string> _cookies = [];
    private FakeRegistry _harbor = null!;
    private string _manifest = null!;

    public async Task InitializeAsync()
    {
        _harbor = await FakeRegistry.StartAsync();
        _harbor.Instead = AnswerAsync;
        (_manifest, _) = _harbor.AddImage(Given.Sha('a'), tag: "v1");
        _harbor.Tags[(Nested, "v7")] = _manifest;
    }

    public async Task DisposeAsync() => await _harbor.DisposeAsync();

    /// <summary>Which repositories a robot may pull; Harbor's token service answers 200 with a token that allows nothing where it may not.</summary>
    private HashSet<string> Allowed { get; } = ["acme/web", Nested];

    [Fact]
    public async Task A_robot_account_reads_repositories_of_any_depth_each_with_a_token_of_its_own()
    {
        var adapter = Adapter();
        var result = await adapter.SweepAsync();
        Assert.Equal((ProbeOutcome.Reached, null), (result.Outcome, result.Detail));
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(_manifest));
        Assert.Equal(["repository:acme/team/web-front/api:pull", "repository:acme/web:pull"], _scopes.Order(StringComparer.Ordinal));
        // Thirty minutes, as Harbor's tokens live, less a little.
        _time.Advance(TimeSpan.FromMinutes(29));
        await adapter.SweepAsync();
        Assert.Equal(2, _scopes.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        await adapter.SweepAsync();
        Assert.Equal(4, _scopes.Count);
        // A session of Harbor's would outlive the robot account.
        Assert.All(_cookies, static c => Assert.Empty(c));
        Assert.All(_harbor.Requests, static r => Assert.DoesNotContain("/api/v2.0/", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_robot_that_may_not_pull_makes_the_gate_blind_and_says_whose_right_is_missing()
    {
        Allowed.Remove(Nested);
        var result = await Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains(Nested, result.Detail, StringComparison.Ordinal);
        Assert.Contains("Oci:UserName", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Robot, "another-secret")]
    [InlineData("robot$closedloop", Secret)]
    [InlineData("acme+closedloop", Secret)]
    public async Task A_wrong_secret_or_half_of_the_robots_name_is_refused_by_its_token_service(string user, string password)
    {
        var result = await Adapter(o => (o.UserName, o.Password) = (user, password)).SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("refused the credentials at its token server", result.Detail, StringComparison.Ordinal);
        Assert.Empty(result.Facts);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_yet_or_has_no_tags_is_no_failure()
    {
        _harbor.Tags.TryRemove((Nested, "v7"), out _);
        Assert.Contains((await SweepAsync("")).Diagnostics, static d => d.Contains("Oci:Repositories:1:Name", StringComparison.Ordinal));
        Assert.Empty((await SweepAsync("""{"name":"acme/team/web-front/api","tags":null}""")).Diagnostics);

        async Task<ProbeResult> SweepAsync(string body)
        {
            _harbor.Instead = async context =>
            {
                if (context.Request.Path != $"/v2/{Nested}/tags/list" || !context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal)) return await AnswerAsync(context);
                if (body.Length == 0) context.Response.StatusCode = 404;
                await context.Response.WriteAsync(body.Length > 0 ? body : $$"""{"errors":[{"code":"NOT_FOUND","message":"repository {{Nested}} not found"}]}""");
                return true;
            };
            var result = await Adapter().SweepAsync();
            Assert.Equal(ProbeOutcome.Reached, result.Outcome);
            Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(_manifest));
            return result;
        }
    }

    [Fact]
    public async Task All_pages_of_the_tags_of_a_deep_repository_are_read()
    {
        for (int i = 0; i < 25; i++) _harbor.Tags[(Nested, $"build-{i:00}")] = _harbor.AddImage(Given.Sha('b'), salt: $"{i}").Manifest;
        _harbor.PageSize = 10;
        var result = await Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(2, _harbor.Requests.Count(static r => r.StartsWith($"GET /v2/{Nested}/tags/list", StringComparison.Ordinal) && r.Contains("last=", StringComparison.Ordinal)));
        foreach (var ((repository, _), digest) in _harbor.Tags.Where(static t => t.Key.Repository == Nested && t.Key.Tag != "v7"))
            Assert.Equal([Given.Commit('b')], result.Facts.CommitsOf(digest));
    }

    [Fact]
    public async Task A_webhook_about_a_deep_repository_and_the_reading_of_it_are_one_image()
    {
        var adapter = Adapter();
        var hook = Given.Harbor(_manifest, "v7");
        hook["event_data"]!["repository"] = new JsonObject { ["name"] = "team/web-front/api", ["namespace"] = "acme", ["repo_full_name"] = Nested, ["repo_type"] = "private" };
        var announced = Assert.Single(adapter.Translator!.Translate(Given.Delivery(hook)).Facts);
        var read = (await adapter.SweepAsync()).Of(_manifest);
        Assert.Equal((announced.Subject, announced.Kind, announced.Writer), (read.Subject, read.Kind, read.Writer));
        Assert.True(announced.Ordinal < read.Ordinal);
    }

    private AdapterRegistration Adapter(Action<OciOptions>? change = null) => _harbor.Adapter(_time, o =>
    {
        (o.Flavour, o.UserName, o.Password) = (OciFlavour.Harbor, Robot, Secret);
        o.Repositories.Add(new OciRepository { Name = Nested, GitRepository = Given.GitRepository });
        change?.Invoke(o);
    });

    private async Task<bool> AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        _cookies.Enqueue(request.Headers.Cookie.ToString());
        response.Headers.SetCookie = "sid=ca6f870d; Path=/; HttpOnly";
        if (request.Path == "/service/token")
        {
            string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Robot}:{Secret}")), scope = request.Query["scope"].ToString();
            if (request.Headers.Authorization != basic || request.Query["service"] != "harbor-registry")
            {
                response.StatusCode = 401;
                await response.WriteAsync("""{"errors":[{"code":"UNAUTHORIZED","message":"unauthorized"}]}""");
                return true;
            }
            _scopes.Enqueue(scope);
            string repository = scope.Split(':')[1];
            await response.WriteAsync($$"""{"token":"{{(Allowed.Contains(repository) ? TokenOf(repository) : "nothing")}}","access_token":"","expires_in":1800,"issued_at":"2026-03-02T10:00:00Z"}""");
            return true;
        }
        if (request.Headers.Authorization.ToString() is var sent && Allowed.Any(r => sent == $"Bearer {TokenOf(r)}" && request.Path.Value!.StartsWith($"/v2/{r}/", StringComparison.Ordinal))) return false;
        response.StatusCode = 401;
        response.Headers.WWWAuthenticate = $"Bearer realm=\"{_harbor.Address}service/token\",service=\"harbor-registry\"";
        await response.WriteAsync("""{"errors":[{"code":"UNAUTHORIZED","message":"unauthorized to access repository"}]}""");
        return true;
    }

    private static string TokenOf(string repository) => "canary." + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(repository));
}
