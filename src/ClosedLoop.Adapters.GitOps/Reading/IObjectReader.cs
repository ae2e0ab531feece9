using System.Text.Json;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>Reads objects of one system. Pure, safe from several threads, and never throws for what an object holds.</summary>
internal interface IObjectReader
{
    /// <summary>Whether this is an object of the system's, by its kind or shape.</summary>
    bool Reads(JsonElement item);

    /// <summary>Adds what an object says.</summary>
    void Read(JsonElement item, GitOpsSettings settings, Harvest harvest);
}
