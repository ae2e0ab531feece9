using System.Text.Json.Serialization;

namespace ClosedLoop.Storage;

/// <summary>The kinds of change in the transition log.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TransitionKind>))]
public enum TransitionKind
{
    /// <summary>The item was first seen.</summary>
    Opened = 0,

    /// <summary>A gate changed.</summary>
    Gate = 1,

    /// <summary>All gates of the DONE definition hold.</summary>
    Completed = 2,

    /// <summary>A completed item's gates no longer all hold.</summary>
    Reopened = 3,

    /// <summary>All changes were closed without being merged.</summary>
    Abandoned = 4,

    /// <summary>A change of an abandoned item was opened again.</summary>
    Resumed = 5,

    /// <summary>A stand-in for a change gave way to the item that the change belongs to.</summary>
    Replaced = 6,

    /// <summary>A gate exceeded its limit.</summary>
    Overdue = 7,
}
