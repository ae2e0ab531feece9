using System.CommandLine;

namespace ClosedLoop.Cli.Targets;

/// <summary>The options that say which record is meant; every command has them.</summary>
internal sealed class TargetOptions
{
    /// <summary>Where a token comes from: never from an argument, which everybody on the machine can see.</summary>
    public const string TokenVariable = "CLOSEDLOOP_TOKEN";

    public const string StoreVariable = "CLOSEDLOOP_STORE";

    public const string UrlVariable = "CLOSEDLOOP_URL";

    /// <summary>The record that is taken when none is named and it is there.</summary>
    public const string DefaultFile = "closedloop.db";

    public Option<string?> Store { get; } = new("--store")
    {
        Description = $"The record's store: sqlite:closedloop.db, or postgres:Host=…;Database=… (password: PGPASSWORD or a passfile). Also from {StoreVariable}; without any, {DefaultFile} in this folder.",
        HelpName = "STORE",
        Recursive = true,
    };

    public Option<string?> Url { get; } = new("--url")
    {
        Description = $"The address of a service that has the record, such as https://closedloop.example/; its API is under /api. Also from {UrlVariable}. A token comes from {TokenVariable} alone.",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<FileInfo?> Config { get; } = new("--config")
    {
        Description = "The service's configuration file (JSON, as of samples/Watcher), for a store: its DONE definition and, without --store, its store. Without it the default gates are assumed.",
        HelpName = "FILE",
        Recursive = true,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Store);
        command.Options.Add(Url);
        command.Options.Add(Config);
    }
}
