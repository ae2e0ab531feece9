using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ClosedLoop.Storage.Tests;

/// <summary>
/// A PostgreSQL server of the test run's own: a fresh cluster in a temporary directory, on 127.0.0.1 and a free port, gone afterwards. Tests
/// that stop it start it again.
/// </summary>
public sealed partial class PostgresServer
{
    private static readonly string Binaries = FindBinaries();
    private readonly int _port = FreePort();
    private int _databases;

    public string Host => "127.0.0.1";

    public int Port => _port;

    /// <summary>
    /// Whether a commit waits for the disk. Tests need not: what they bring about is the death of processes, not of the machine, and the kernel
    /// keeps what was written. Measurements do.
    /// </summary>
    public bool IsDurable { get; init; }

    /// <summary>An empty directory to live in; one of its own when null.</summary>
    public string? Folder { get; init; }

    /// <summary>Further options of initdb.</summary>
    public IReadOnlyList<string> Layout { get; init; } = [];

    /// <summary>Further settings, as name=value.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>What is put before the command line that starts it, such as a limit of its files.</summary>
    public Func<string[], string[]>? Around { get; set; }

    public async Task InitializeAsync()
    {
        // PostgreSQL refuses to run as root; Debian's package brings the user.
        if (IsRoot) await RunAsync("chown", ["postgres", Home.FullName], asOwner: false);
        await RunAsync(Tool("initdb"), ["-D", Data, "-A", "trust", "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", .. Layout]);
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync("immediate");
        Home.Delete(recursive: true);
    }

    public Task StartAsync()
    {
        string settings = string.Concat(Settings.Select(static s => $" -c {s}"));
        string[] line = [Tool("pg_ctl"), "-D", Data, "-l", File("log"), "-w", "-t", "60", "-o", string.Create(CultureInfo.InvariantCulture, $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync={(IsDurable ? "on" : "off")} -c max_connections=200{settings}"), "start"];
        if (Around is not null) line = Around(line);
        return RunAsync(line[0], line[1..]);
    }

    /// <summary>Whether its main process lives.</summary>
    public async Task<bool> IsRunningAsync()
    {
        try
        {
            await RunAsync(Tool("pg_ctl"), ["-D", Data, "status"]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <param name="mode">"fast", or "immediate": the processes die as in a crash, and the next start recovers from the log.</param>
    public Task StopAsync(string mode) => RunAsync(Tool("pg_ctl"), ["-D", Data, "-m", mode, "-w", "stop"]);

    /// <summary>Makes an empty database and says how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} {options}");
        return ConnectionString(name);
    }

    public async Task DropDatabaseAsync(string connectionString) =>
        await ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder { Host = Host, Port = _port, Database = database, Username = "postgres", MaxPoolSize = 20 }.ConnectionString;

    /// <summary>Runs one of the server's tools, such as pg_dump, against it.</summary>
    public Task<string> ToolAsync(string tool, params string[] arguments) =>
        RunAsync(Tool(tool), ["-h", Host, "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", .. arguments]);

    /// <summary>A file in the server's directory, which its user may write.</summary>
    public string File(string name) => Path.Combine(Home.FullName, name);

    private DirectoryInfo Home => field ??= Folder is null ? Directory.CreateTempSubdirectory("closedloop-pg-") : new DirectoryInfo(Folder);

    private string Data => Path.Combine(Home.FullName, "data");

    private static bool IsRoot => Environment.UserName == "root";

    private static string Tool(string name) => Path.Combine(Binaries, name);

    private async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString(database)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var found = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).Select(static d => Path.Combine(d, "bin")).Where(static d => System.IO.File.Exists(Path.Combine(d, "initdb"))).OrderBy(static d => d.Length).ThenBy(static d => d, StringComparer.Ordinal).LastOrDefault()
            : null;
        found ??= (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').FirstOrDefault(static d => System.IO.File.Exists(Path.Combine(d, "initdb")));
        return found ?? throw new InvalidOperationException("PostgreSQL's initdb was not found; ./test.sh installs it (Debian: apt-get install postgresql).");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> RunAsync(string program, string[] arguments, bool asOwner = true)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        string[] line = asOwner && IsRoot ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
        start.FileName = line[0];
        foreach (string argument in line[1..]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        // pg_ctl's child keeps the pipes open, so what they say is only waited for when it failed.
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', line)} ended with {process.ExitCode}: {await errors}{await output}");
        return line.Any(static l => l.EndsWith("pg_ctl", StringComparison.Ordinal)) ? "" : await output;
    }
}
