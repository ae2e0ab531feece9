using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.AspNetCore.Api.OpenApi;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.AspNetCore.Tests.OpenApi;
using ClosedLoop.Hosting;
using ClosedLoop.Testing.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.AspNetCore.Tests;

/// <summary>A host with everything mapped, in memory or on a real socket.</summary>
internal sealed class LoopHost : IAsyncDisposable
{
    /// <summary>The header in which the pretended host authentication names claims: type=value.</summary>
    public const string UserHeader = "X-Host-User";
    public const string ClaimType = "loop-writer";

    private LoopHost(WebApplication app, HttpClient client)
    {
        App = app;
        Client = client;
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public static string Token(string writer) => $"token-of-{writer}-0123456789-0123456789";

    public static async Task<LoopHost> StartAsync(
        Action<ClosedLoopBuilder>? loop = null, Action<ClosedLoopApiOptions>? api = null, bool kestrel = false, TimeProvider? time = null, TestAdapter? adapter = null, bool start = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (kestrel) builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        else builder.WebHost.UseTestServer();
        if (time is not null) builder.Services.AddSingleton(time);
        builder.Services.AddClosedLoop(l =>
        {
            l.AddAdapter(_ => (adapter ?? new TestAdapter()).Register());
            loop?.Invoke(l);
        });
        builder.Services.AddClosedLoopApi(o =>
        {
            foreach (string writer in (string[])["agent:builder-7", "ci:nightly", "person:ann", "host:portal"]) o.AddWriter(writer, ClosedLoopToken.Hash(Token(writer)));
            api?.Invoke(o);
        });
        var app = builder.Build();
        // Stands for the host's own authentication.
        app.Use((context, next) =>
        {
            var claims = context.Request.Headers[UserHeader].Select(static h => h!.Split('=', 2)).Select(static p => new Claim(p[0], p[1])).ToList();
            if (claims.Count > 0) context.User = new ClaimsPrincipal(new ClaimsIdentity(claims, "host"));
            return next(context);
        });
        app.UseRouting();
        app.MapClosedLoopWebhooks("/hooks");
        app.MapClosedLoopApi("/api");
        app.MapClosedLoopHealth("/healthz");
        app.MapClosedLoopMetrics("/metrics");
        if (start) await app.StartAsync();
        if (!kestrel) return new LoopHost(app, start ? new HttpClient(new DocumentedAnswers(() => Document(app)) { InnerHandler = app.GetTestServer().CreateHandler() }) { BaseAddress = new Uri("http://localhost/") } : new HttpClient());
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new LoopHost(app, new HttpClient(new DocumentedAnswers(() => Document(app)) { InnerHandler = new HttpClientHandler() }) { BaseAddress = new Uri(address) });
    }

    private static string Document(WebApplication app) => app.Services.GetServices<IApiOperations>().OfType<OpenApiOperations>().Single().Document("/api");

    public Task<HttpResponseMessage> HookAsync(string body, string? secret = TestAdapter.Secret, string path = "/hooks/test", string? delivery = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (secret is not null) request.Headers.Add(TestAdapter.SecretHeader, secret);
        if (delivery is not null) request.Headers.Add("X-Test-Delivery", delivery);
        return Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? writer = null, string? json = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (writer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(writer));
        return Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, string writer = "agent:builder-7") => SendAsync(HttpMethod.Post, path, writer, json);

    public async Task<JsonElement> ReadAsync(string path, string writer = "agent:builder-7")
    {
        using var response = await SendAsync(HttpMethod.Get, path, writer);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await JsonOf(response);
    }

    public static async Task<JsonElement> JsonOf(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return json.RootElement.Clone();
    }

    /// <summary>Waits until it is so, moving a manual clock on meanwhile.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> look, string what, ManualTimeProvider? time = null)
        where T : class
    {
        long started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60))
        {
            if (await look() is { } found) return found;
            time?.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
        throw new TimeoutException($"{what} did not come to be within 60 s");
    }

    /// <summary>Checks that an answer is problem details of a type, with the members and headers that every problem has; returns its detail.</summary>
    public static async Task<string> ProblemOf(HttpResponseMessage response, int status, string type)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("no-store", response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        var json = await JsonOf(response);
        Assert.Equal("urn:closedloop:problem:" + type, json.GetProperty("type").GetString());
        Assert.Equal(status, json.GetProperty("status").GetInt32());
        Assert.NotEmpty(json.GetProperty("title").GetString()!);
        return json.GetProperty("detail").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
