using System.Globalization;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Samples.Watcher;

/// <summary>The command line, read by hand: three forms with few options each need no parser package.</summary>
internal sealed record WatcherArguments
{
    public const string Usage = """
        Watches changes on their way from "done" to done.

        Usage:
          Watcher [--for 20s] [--host HOST] [--store PATH]
                                                        the built-in delivery sandbox: live board, dashboard and API
          Watcher --git PATH [--since 90d] [--json]     the merge history of a real clone: throughput, lead times, board
          Watcher --config FILE [--urls URLS]           real providers

        Options:
          --for DURATION    stop by itself after this long; exit code 0 only if the record equals the sandbox's truth
          --host HOST       what the sandbox plays as the source host: github (the default), gitlab or gitea
          --git PATH        a folder in a clone, or a bare clone; it is only read
          --since DURATION  only landings of this last time
          --json            print one line of JSON and nothing else
          --config FILE     the providers' configuration, JSON
          --urls URLS       where to listen, as in ASP.NET Core, for instance http://127.0.0.1:5080
          --store PATH      the SQLite file to keep state in
          --help            this text

        A duration is a whole number and a unit: 20s, 5m, 2h, 90d.
        """;

    private const int MaxDays = 36_500;

    private static readonly string[] WithValue = ["--for", "--host", "--git", "--since", "--config", "--urls", "--store"];
    private static readonly string[] Flags = ["--json", "--help"];

    public WatcherMode Mode { get; private init; }

    /// <summary>Stop after this long; null: run until stopped.</summary>
    public TimeSpan? For { get; private init; }

    /// <summary>What the sandbox plays as the source host.</summary>
    public SandboxSourceHost Host { get; private init; }

    public string? GitPath { get; private init; }

    public TimeSpan? Since { get; private init; }

    public bool Json { get; private init; }

    public string? ConfigFile { get; private init; }

    public string? Urls { get; private init; }

    public string? StorePath { get; private init; }

    /// <summary>Reads a command line; on failure <paramref name="error"/> says what is wrong and how to fix it.</summary>
    public static bool TryParse(IReadOnlyList<string> args, out WatcherArguments arguments, out string? error)
    {
        arguments = new WatcherArguments();
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        error = Collect(args, given);
        if (error is not null) return false;
        if (given.ContainsKey("--help"))
        {
            arguments = new WatcherArguments { Mode = WatcherMode.Help };
            return true;
        }
        error = Conflict(given);
        TimeSpan? runFor = null, since = null;
        error ??= ReadDuration(given, "--for", out runFor) ?? ReadDuration(given, "--since", out since);
        var host = SandboxSourceHost.GitHub;
        error ??= ReadHost(given, out host);
        if (error is not null) return false;
        arguments = new WatcherArguments
        {
            Host = host,
            Mode = given.ContainsKey("--git") ? WatcherMode.Git : given.ContainsKey("--config") ? WatcherMode.Config : WatcherMode.Sandbox,
            For = runFor,
            GitPath = given.GetValueOrDefault("--git"),
            Since = since,
            Json = given.ContainsKey("--json"),
            ConfigFile = given.GetValueOrDefault("--config"),
            Urls = given.GetValueOrDefault("--urls"),
            StorePath = given.GetValueOrDefault("--store"),
        };
        return true;
    }

    /// <summary>Reads <c>20s</c>, <c>5m</c>, <c>2h</c> or <c>90d</c>.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number == 0) return false;
        long seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        if (seconds == 0 || number * seconds > MaxDays * 86_400L) return false;
        duration = TimeSpan.FromSeconds(number * seconds);
        return true;
    }

    private static string? Collect(IReadOnlyList<string> args, Dictionary<string, string> given)
    {
        for (int i = 0; i < args.Count; i++)
        {
            string arg = args[i];
            if (arg is "-h" or "-?") arg = "--help";
            int equals = arg.StartsWith("--", StringComparison.Ordinal) ? arg.IndexOf('=', StringComparison.Ordinal) : -1;
            string name = equals < 0 ? arg : arg[..equals];
            string value = "";
            if (WithValue.Contains(name))
            {
                if (equals >= 0) value = arg[(equals + 1)..];
                else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) value = args[++i];
                if (value.Length == 0) return $"{name} needs a value; see --help.";
            }
            else if (!Flags.Contains(name))
            {
                return name.StartsWith('-') ? $"There is no option {name}; see --help." : $"'{arg}' belongs to no option; write --git PATH or --config FILE.";
            }
            else if (equals >= 0)
            {
                return $"{name} takes no value.";
            }
            if (!given.TryAdd(name, value)) return $"{name} is given twice; give it once.";
        }
        return null;
    }

    private static string? Conflict(Dictionary<string, string> given)
    {
        if (given.ContainsKey("--git") && given.ContainsKey("--config")) return "--git and --config do not go together; choose one.";
        if (given.ContainsKey("--for") && given.ContainsKey("--git")) return "--for and --git do not go together: a history is read once. For a part of it use --since 90d.";
        if (given.ContainsKey("--for") && given.ContainsKey("--config")) return "--for and --config do not go together: real providers are watched until stopped.";
        if (given.ContainsKey("--host") && (given.ContainsKey("--git") || given.ContainsKey("--config"))) return "--host is for the sandbox alone; leave it out with --git and --config.";
        foreach (string name in (ReadOnlySpan<string>)["--since", "--json"])
            if (given.ContainsKey(name) && !given.ContainsKey("--git"))
                return $"{name} needs --git PATH.";
        return null;
    }

    private static string? ReadHost(Dictionary<string, string> given, out SandboxSourceHost host)
    {
        host = SandboxSourceHost.GitHub;
        if (!given.TryGetValue("--host", out string? text)) return null;
        foreach (var known in Enum.GetValues<SandboxSourceHost>())
        {
            host = known;
            if (text.Equals(known.ToString(), StringComparison.OrdinalIgnoreCase)) return null;
        }
        return $"--host {text} is not played; write github, gitlab or gitea.";
    }

    private static string? ReadDuration(Dictionary<string, string> given, string name, out TimeSpan? duration)
    {
        duration = null;
        if (!given.TryGetValue(name, out string? text)) return null;
        if (!TryParseDuration(text, out var value)) return $"{name} {text} is no duration; write a whole number and a unit: 20s, 5m, 2h, 90d.";
        duration = value;
        return null;
    }
}
