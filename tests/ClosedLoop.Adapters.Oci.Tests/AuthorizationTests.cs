using System.Text;
using ClosedLoop.Testing.Time;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>Who gets the password, and who does not.</summary>
public sealed class AuthorizationTests : IAsyncLifetime
{
    private const string Password = "canary-password-7f3a", Token = "canary-token-91bc";

    private readonly ManualTimeProvider _time = new(Given.Now);
    private FakeRegistry _registry = null!, _other = null!;
    private string _manifest = null!;

    private static string Basic => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:" + Password));

    public async Task InitializeAsync()
    {
        _registry = await FakeRegistry.StartAsync();
        _other = await FakeRegistry.StartAsync();
        (_manifest, _) = _registry.AddImage(Given.Sha('a'), tag: "v1");
    }

    public async Task DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task A_token_of_the_registrys_own_server_is_used_until_it_ends()
    {
        AskForToken(_registry, _registry.Address, _registry, "token", 300);
        var adapter = Adapter();
        Assert.Equal([Given.Commit('a')], (await adapter.SweepAsync()).Facts.CommitsOf(_manifest));
        string asked = Assert.Single(_registry.Requests, static r => r.Contains("/token", StringComparison.Ordinal));
        Assert.Equal("GET /token?account=1&service=registry.acme&scope=repository%3Aacme%2Fweb%3Apull", asked);
        Assert.Contains(Basic, _registry.Authorizations);
        _time.Advance(TimeSpan.FromSeconds(280));
        await adapter.SweepAsync();
        Assert.Single(_registry.Requests, static r => r.Contains("/token", StringComparison.Ordinal));
        _time.Advance(TimeSpan.FromSeconds(20));
        await adapter.SweepAsync();
        Assert.Equal(2, _registry.Requests.Count(static r => r.Contains("/token", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_configured_token_server_is_asked()
    {
        AskForToken(_registry, _other.Address, _other, "access_token", null);
        var result = await Adapter(o => o.TokenHosts.Add(_other.Address.Authority)).SweepAsync();
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(_manifest));
        Assert.Equal([Basic], _other.Authorizations);
        Assert.DoesNotContain(Basic, _registry.Authorizations);
    }

    [Fact]
    public async Task Anybody_else_is_not_asked_and_gets_nothing()
    {
        AskForToken(_registry, _other.Address, _other, "token", 300);
        var result = await Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("Oci:TokenHosts", result.Detail, StringComparison.Ordinal);
        Assert.Empty(_other.Requests);
        Assert.DoesNotContain(Basic, _registry.Authorizations);
        Assert.Equal(1, result.Calls);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/token")]
    [InlineData("/token")]
    [InlineData("http://u:p@127.0.0.1/token")]
    [InlineData("http://[")]
    [InlineData("")]
    public async Task A_realm_that_is_no_address_is_not_asked(string realm)
    {
        _registry.Instead = context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{realm}\",service=\"x\"";
            return Task.FromResult(true);
        };
        var result = await Adapter().SweepAsync();
        Assert.Equal((ProbeOutcome.Unreachable, 1), (result.Outcome, result.Calls));
    }

    [Fact]
    public async Task Basic_is_given_to_the_registry_that_asks_for_it()
    {
        _registry.Instead = static context =>
        {
            if (context.Request.Headers.Authorization == Basic) return Task.FromResult(false);
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"registry\"";
            return Task.FromResult(true);
        };
        Assert.Equal([Given.Commit('a')], (await Adapter().SweepAsync()).Facts.CommitsOf(_manifest));
        var anonymous = await _registry.Adapter(_time).SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, anonymous.Outcome);
        Assert.Contains("Oci:UserName", anonymous.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_reading_needs_no_credentials_and_none_are_sent_unasked()
    {
        Assert.Equal([Given.Commit('a')], (await Adapter().SweepAsync()).Facts.CommitsOf(_manifest));
        Assert.All(_registry.Authorizations, static a => Assert.Equal("", a));
        AskForToken(_registry, _registry.Address, _registry, "token", 300);
        Assert.Equal([Given.Commit('a')], (await _registry.Adapter(_time).SweepAsync()).Facts.CommitsOf(_manifest));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"token":"with space"}""")]
    [InlineData("""{"token":"line\nbreak"}""")]
    [InlineData("""{"token":7}""")]
    public async Task A_token_that_is_none_is_not_sent(string answer)
    {
        AskForToken(_registry, _registry.Address, _registry, "token", 300);
        var inner = _registry.Instead!;
        _registry.Instead = async context =>
        {
            if (context.Request.Path != "/token") return await inner(context);
            await context.Response.WriteAsync(answer);
            return true;
        };
        var result = await Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("token", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_may_lie_at_a_configured_host_that_gets_no_credentials()
    {
        AskForToken(_registry, _registry.Address, _registry, "token", 300);
        RedirectBlobs(307);
        var result = await Adapter(o => o.BlobHosts.Add(_other.Address.Authority)).SweepAsync();
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(_manifest));
        Assert.StartsWith("GET /v2/acme/web/blobs/sha256:", Assert.Single(_other.Requests), StringComparison.Ordinal);
        Assert.Equal([""], _other.Authorizations);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_to_another_host_is_not_followed(int status)
    {
        RedirectBlobs(status);
        var result = await Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("Oci:BlobHosts", result.Detail, StringComparison.Ordinal);
        Assert.Empty(_other.Requests);
        Assert.Empty(result.Facts);
    }

    [Fact]
    public async Task A_redirect_in_a_circle_ends()
    {
        _registry.Instead = static context =>
        {
            if (!context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = context.Request.Path.Value;
            return Task.FromResult(true);
        };
        var result = await Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.True(_registry.Requests.Count < 10);
    }

    [Fact]
    public async Task Secrets_are_in_no_result_whatever_goes_wrong()
    {
        var results = new List<ProbeResult>();
        var adapter = Adapter(o => o.BlobHosts.Add(_other.Address.Authority));
        AskForToken(_registry, _registry.Address, _registry, "token", 300);
        results.Add(await adapter.SweepAsync());
        foreach (int status in new[] { 400, 401, 403, 404, 418, 429, 500, 302 })
        {
            _registry.Instead = async context =>
            {
                // Back comes all that was sent.
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/x?" + Uri.EscapeDataString(context.Request.Headers.Authorization.ToString());
                context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{_registry.Address}token\",service=\"{context.Request.Headers.Authorization}\"";
                await context.Response.WriteAsync(context.Request.Headers.Authorization.ToString() + Password);
                return true;
            };
            results.Add(await adapter.SweepAsync());
            results.Add(await Adapter().SweepAsync());
        }
        _registry.Instead = null;
        AskForToken(_registry, _registry.Address, _registry, "token", 300);
        RedirectBlobs(307);
        results.Add(await Adapter().SweepAsync());
        string all = string.Join("\n", results.Select(static r => System.Text.Json.JsonSerializer.Serialize(r)));
        foreach (string secret in new[] { Password, Token, Given.Secret, Basic[6..] }) Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
        Assert.Contains("Unreachable", results.Select(static r => r.Outcome.ToString()));
    }

    private AdapterRegistration Adapter(Action<OciOptions>? change = null) => _registry.Adapter(_time, o =>
    {
        (o.UserName, o.Password) = ("reader", Password);
        change?.Invoke(o);
    });

    private void RedirectBlobs(int status)
    {
        foreach (var (digest, blob) in _registry.Blobs) _other.Blobs[digest] = blob;
        var inner = _registry.Instead;
        _registry.Instead = async context =>
        {
            if (inner is not null && await inner(context)) return true;
            if (!context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal)) return false;
            context.Response.StatusCode = status;
            context.Response.Headers.Location = $"{_other.Address}{context.Request.Path.Value[1..]}?signature=s";
            return true;
        };
    }

    // The realm has a query of its own, as some have.
    private static void AskForToken(FakeRegistry registry, Uri realm, FakeRegistry server, string member, int? seconds)
    {
        Task<bool> AskAsync(HttpContext context)
        {
            if (context.Request.Headers.Authorization == "Bearer " + Token) return Task.FromResult(false);
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{realm}token?account=1\",service=\"registry.acme\",scope=\"repository:acme/web:pull,push\"";
            return Task.FromResult(true);
        }

        async Task<bool> GiveAsync(HttpContext context)
        {
            if (context.Request.Path != "/token") return false;
            await context.Response.WriteAsync(seconds is null ? $"{{\"{member}\":\"{Token}\"}}" : $"{{\"{member}\":\"{Token}\",\"expires_in\":{seconds}}}");
            return true;
        }

        registry.Instead = AskAsync;
        if (server == registry) registry.Instead = async context => await GiveAsync(context) || await AskAsync(context);
        else server.Instead = GiveAsync;
    }
}
