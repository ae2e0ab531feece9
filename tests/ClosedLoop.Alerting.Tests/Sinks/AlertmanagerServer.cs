using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ClosedLoop.Alerting.Tests.Sinks;

/// <summary>Debian's Alertmanager on a free loopback port, which groups by the kind of the cause and notifies a receiver; and its amtool.</summary>
internal sealed class AlertmanagerServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("closedloop-alertmanager-").FullName;
    private int _port;
    private Process? _process;

    private AlertmanagerServer(Receiver notified) => Notified = notified;

    /// <summary>What Alertmanager tells.</summary>
    public Receiver Notified { get; }

    public Uri Address => new($"http://127.0.0.1:{_port}/");

    public static async Task<AlertmanagerServer> StartAsync()
    {
        var server = new AlertmanagerServer(await Receiver.StartAsync());
        await File.WriteAllTextAsync(Path.Combine(server._directory, "alertmanager.yml"), $"""
            route:
              receiver: told
              group_by: [cause_kind]
              group_wait: 1s
              group_interval: 1s
              repeat_interval: 4h
              routes:
                - receiver: nobody
                  matchers: ['alertname="ClosedLoopWatchdog"']
            receivers:
              - name: nobody
              - name: told
                webhook_configs:
                  - url: {server.Notified.Address}
                    send_resolved: true
            """);
        for (int attempt = 0; ; attempt++)
        {
            server._port = FreePort();
            // Somebody else may have taken the port meanwhile.
            if (await server.RunAsync()) return server;
            if (attempt == 2) Assert.Fail("prometheus-alertmanager does not start; run ./test.sh, which installs it.");
        }
    }

    public async Task KillAsync()
    {
        // SIGKILL: nothing is written down.
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task RestartAsync() => Assert.True(await RunAsync(), "alertmanager did not start again on its port.");

    /// <summary>The active alerts of an alertname, as amtool sees them.</summary>
    public async Task<JsonElement[]> AlertsAsync(string name = "ClosedLoopIncident", params string[] flags) =>
        [.. JsonDocument.Parse(await AmtoolAsync(["alert", "query", .. flags, $"alertname=\"{name}\"", "-o", "json"])).RootElement.EnumerateArray()];

    public async Task<string> AmtoolAsync(params string[] arguments)
    {
        // Away from any configuration of the user's own.
        var start = new ProcessStartInfo("amtool") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory, Environment = { ["HOME"] = _directory } };
        foreach (string argument in (string[])[.. arguments, $"--alertmanager.url={Address}"]) start.ArgumentList.Add(argument);
        using var amtool = Process.Start(start)!;
        var error = amtool.StandardError.ReadToEndAsync();
        string output = await amtool.StandardOutput.ReadToEndAsync();
        await amtool.WaitForExitAsync();
        Assert.True(amtool.ExitCode == 0, $"amtool {string.Join(' ', arguments)}: {await error}");
        return output;
    }

    /// <summary>The statuses of what Alertmanager told of one cause, in order.</summary>
    public string[] Told(string cause) =>
        [.. Notified.Requests.SelectMany(static r => r.Json.GetProperty("alerts").EnumerateArray()).Where(a => a.GetProperty("labels").GetProperty("cause").GetString() == cause).Select(static a => a.GetProperty("status").GetString()!)];

    public static async Task UntilAsync(Func<Task<bool>> look, string what)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await look())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline) throw new TimeoutException($"{what} did not come to be within {Deadline.TotalSeconds:0} s");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        await Notified.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<bool> RunAsync()
    {
        _process?.Dispose();
        var start = new ProcessStartInfo("prometheus-alertmanager") { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = _directory };
        foreach (string argument in (string[])["--config.file=alertmanager.yml", $"--storage.path={Path.Combine(_directory, "data")}", $"--web.listen-address=127.0.0.1:{_port}", "--cluster.listen-address=", "--log.level=error"])
            start.ArgumentList.Add(argument);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Fail("Alertmanager is not installed; run ./test.sh, which installs Debian's package prometheus-alertmanager.");
        }
        _process!.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient();
        bool isReady = false;
        await UntilAsync(
            async () =>
            {
                if (_process.HasExited) return true;
                try
                {
                    return isReady = (await http.GetAsync(new Uri(Address, "-/ready"))).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "a ready alertmanager");
        return isReady;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
