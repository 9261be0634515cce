"""The walk through every state of the window of which `development.shots --all` takes pictures.

Two walks give the same pictures, pixel by pixel, as long as the app is the same: time stands still unless
the walk moves it, photos are classified in portions, and the engine is a made-up one.
"""
