using System.Text;
using ClosedLoop.Items;

namespace ClosedLoop.Storage;

/// <summary>An item as stored.</summary>
public sealed record ItemRecord
{
    /// <summary>Its state.</summary>
    public required ItemState State { get; init; }

    /// <summary>
    /// The same as <see cref="StoredJson"/>, when whoever made the record has it at hand, so that a store need not write it again; null
    /// otherwise, and in what a store returns.
    /// </summary>
    public string? Json
    {
        get => field ?? (Utf8Json.IsEmpty ? null : Encoding.UTF8.GetString(Utf8Json.Span));
        init => (field, Utf8Json) = (value, default);
    }

    /// <summary>The same text in UTF-8, from whoever folded it: half as large, and as SQLite takes it.</summary>
    internal ReadOnlyMemory<byte> Utf8Json { get; init; }

    /// <summary>Counts its changes, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>When the record last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When a source will next be read for it; null when no probe is due. Read from the due rows; ignored on writing.</summary>
    public DateTimeOffset? NextProbeAt { get; init; }

    /// <summary>What is stored of it until this commit, as the commit's token says; null when nothing is, or when it is not known here.</summary>
    internal ItemState? Before { get; init; }

    /// <summary>Whether <see cref="Before"/> is known, so that a store need not read it again.</summary>
    internal bool IsBeforeKnown { get; init; }

    /// <summary>The record once it is stored, without what only its commit needed: else each would hold on to the one before it.</summary>
    internal ItemRecord AsStored() => this with { Json = null, Before = null, IsBeforeKnown = false };
}
