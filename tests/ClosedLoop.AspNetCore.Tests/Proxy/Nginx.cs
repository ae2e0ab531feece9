using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClosedLoop.AspNetCore.Tests.Proxy;

/// <summary>A real nginx in front of a host, on a free port of the loopback.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _folder;

    private Nginx(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <param name="backend">What it passes requests to.</param>
    /// <param name="buffers">Whether it reads a body whole before it passes it on: nginx's default.</param>
    public static async Task<Nginx> StartAsync(Uri backend, bool buffers)
    {
        string program = Array.Find(["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"], File.Exists) ?? throw new InvalidOperationException("nginx is not installed; run ./test.sh, which installs it.");
        string folder = Directory.CreateTempSubdirectory("closedloop-nginx-").FullName;
        for (int attempt = 0; ; attempt++)
        {
            int port = FreePort();
            File.WriteAllText(Path.Combine(folder, "nginx.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
                daemon off;
                master_process off;
                pid {{folder}}/pid;
                error_log {{folder}}/error.log;
                events { worker_connections 64; }
                http {
                  access_log off;
                  client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
                  client_max_body_size 100m;
                  server {
                    listen 127.0.0.1:{{port}};
                    location / { proxy_pass http://127.0.0.1:{{backend.Port}}; proxy_http_version 1.1; proxy_request_buffering {{(buffers ? "on" : "off")}}; }
                  }
                }
                """));
            var process = Process.Start(new ProcessStartInfo(program, ["-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", Path.Combine(folder, "error.log")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            if (await ListensAsync(process, port)) return new Nginx(process, folder, port);
            process.Kill();
            // Another process may have taken the port meanwhile.
            if (attempt == 3) throw new InvalidOperationException($"nginx does not listen: {File.ReadAllText(Path.Combine(folder, "error.log"))}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> ListensAsync(Process process, int port)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Deadline && !process.HasExited;)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Yield();
            }
        }
        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
