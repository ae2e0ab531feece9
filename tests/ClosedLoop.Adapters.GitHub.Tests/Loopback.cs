using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>A server on 127.0.0.1 and a free port that answers as the test says and notes what it was asked.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Loopback(WebApplication app) => _app = app;

    /// <summary>One request: method, path with its query, Authorization, and body.</summary>
    public sealed record Request(string Method, string Path, string? Authorization, string Body);

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<Request> Requests { get; } = [];

    /// <summary>Status, body and headers for a request; the default is 404.</summary>
    public Func<Request, (int Status, string Body, (string Name, string Value)[] Headers)> Answer { get; set; } = static _ => (404, """{"message":"Not Found"}""", []);

    public static async Task<Loopback> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new Loopback(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        string? authorization = context.Request.Headers.Authorization.Count > 0 ? context.Request.Headers.Authorization.ToString() : null;
        var request = new Request(context.Request.Method, context.Request.Path + context.Request.QueryString, authorization, await reader.ReadToEndAsync());
        Requests.Enqueue(request);
        var (status, body, headers) = Answer(request);
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        if (status is 204 or 304) return;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }
}
