using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>Debian's Prometheus on a free loopback port, scraping one exporter every second.</summary>
public sealed class PrometheusServer : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly string _directory = Directory.CreateTempSubdirectory("closedloop-prometheus-").FullName;
    private Process? _process;

    internal FakeService Exporter { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Exporter = await FakeService.StartAsync();
        Expose(0.01);
        await File.WriteAllTextAsync(Path.Combine(_directory, "prometheus.yml"), $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: shop
                static_configs:
                  - targets: ['{Exporter.Address.Authority}']
              - job_name: gone
                static_configs:
                  - targets: ['127.0.0.1:1']
            """);
        for (int attempt = 0; ; attempt++)
        {
            int port = FreePort();
            Address = new Uri($"http://127.0.0.1:{port}/");
            Start(port);
            // Somebody else may have taken the port meanwhile.
            if (await IsReadyAsync()) break;
            if (attempt == 2) Assert.Fail("prometheus does not start; see /usr/bin/prometheus, or run ./test.sh, which installs it.");
        }
    }

    /// <summary>What the exporter shows from its next scrape on.</summary>
    public void Expose(double errorRatio) => Exporter.Says(200, string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""
        shop_build_info{revision="{{Given.Sha('a')}}"} 1
        shop_error_ratio{revision="{{Given.Sha('a')}}",zone="1"} {{errorRatio}}
        shop_error_ratio{revision="{{Given.Sha('a')}}",zone="2"} 0.01
        shop_requests 0
        shop_broken NaN

        """), ("Content-Type", "text/plain; version=0.0.4"));

    public async Task DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        await Exporter.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Waits until it is so.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> look, string what)
        where T : class
    {
        long started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Deadline)
        {
            if (await look() is { } found) return found;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        throw new TimeoutException($"{what} did not come to be within {Deadline.TotalSeconds:0} s");
    }

    private void Start(int port)
    {
        _process?.Dispose();
        var start = new ProcessStartInfo("prometheus") { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = _directory };
        foreach (string argument in (string[])["--config.file=prometheus.yml", $"--storage.tsdb.path={Path.Combine(_directory, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
            start.ArgumentList.Add(argument);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Fail("Prometheus is not installed; run ./test.sh, which installs Debian's package prometheus.");
        }
        _process!.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task<bool> IsReadyAsync()
    {
        using var http = new HttpClient();
        return await UntilAsync(
            async () =>
            {
                if (_process!.HasExited) return "exited";
                try
                {
                    string targets = await http.GetStringAsync(new Uri(Address, "api/v1/query?query=up"));
                    return targets.Contains(",\"1\"]", StringComparison.Ordinal) && targets.Contains(",\"0\"]", StringComparison.Ordinal) ? "ready" : null;
                }
                catch (HttpRequestException)
                {
                    return null;
                }
            },
            "a scrape of the exporter by prometheus") == "ready";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
