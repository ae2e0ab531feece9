using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Testing.Sandbox.Http;

/// <summary>One Kestrel on one port of loopback for each system, so that every system stands at the root of its own origin, as real ones do.</summary>
internal sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ListenOptions[] _ports = new ListenOptions[7];
    private Dictionary<int, ISandboxApi> _apis = [];

    private SandboxServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            for (int i = 0; i < _ports.Length; i++)
            {
                int port = i;
                kestrel.Listen(IPAddress.Loopback, 0, options => _ports[port] = options);
            }
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public SandboxAddresses Addresses => new(Address(0), Address(1), Address(2), Address(3)) { ArgoCD = Address(4), Services = Address(5), Prometheus = Address(6) };

    public static async Task<SandboxServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new SandboxServer();
        try
        {
            await server._app.StartAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Puts the systems behind their ports, in the order of <see cref="SandboxAddresses"/>.</summary>
    public void Serve(params ISandboxApi[] apis)
    {
        var byPort = new Dictionary<int, ISandboxApi>();
        for (int i = 0; i < apis.Length; i++) byPort[_ports[i].IPEndPoint!.Port] = apis[i];
        _apis = byPort;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Uri Address(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_ports[port].IPEndPoint!.Port}/"));

    private Task HandleAsync(HttpContext context)
    {
        if (_apis.TryGetValue(context.Connection.LocalPort, out var api)) return api.HandleAsync(context);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }
}
